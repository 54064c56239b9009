import { createRequire } from 'node:module';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';

// The copy that NestJS has loaded: Vite would take the other one that the package has.
const { graphql } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

/** What is read of a request of Express, and done with its response. */
interface Request {
  readonly url: string;
  readonly body: { readonly query: string };
}
interface Response {
  json(answer: unknown): void;
}

/** Serves GraphQL over Express, by the executor of GraphQL itself: drivers that are published bring servers of their own. */
export class ExpressDriver extends AbstractGraphQLDriver {
  async start({ path = '/graphql', schema }: GqlModuleOptions): Promise<void> {
    const { httpAdapter } = this.httpAdapterHost;
    const answer = (request: Request) =>
      // The context that the driver for Mercurius gives, as far as resolvers here read it.
      graphql({ schema: schema as GraphQLSchema, source: request.body.query, contextValue: { reply: { request } } });
    httpAdapter.post(path, (request: Request, response: Response) =>
      answer(request).then((result) => response.json(result)),
    );
  }

  async stop(): Promise<void> {}
}
