// As Node says it that strips types, of a decorator.
throw new SyntaxError('Invalid or unexpected token');
