throw new Error('no database\nat all');
