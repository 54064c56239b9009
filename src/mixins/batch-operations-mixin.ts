import { text } from '../base/option-rules.js';
import { checkOption, show } from '../base/options.js';
import type { BatchOperation, BatchResult } from '../batch/batch-item.js';
import type { BatchItems } from '../batch/item-source.js';
import type { ProcessOptions } from '../batch/process-options.js';
import { newBatchId } from '../registry/batch-id.js';
import { BatchProcessor, type BatchProcessorOptions } from '../registry/batch-processor.js';
import { registry as shared } from '../registry/default-registry.js';
import type { Constructor, Mixin } from './mixin.js';

/** How a batch of a service is run. */
export interface BatchOperationOptions<In, Out> extends ProcessOptions<In, Out> {
  /** What the items are, such as `'host'`: it stands in the `batchId` of a batch that is given none. @default 'batch' */
  resourceType?: string;
}

/** What {@link BatchOperationsMixin} gives to instances. */
export interface BatchOperationsMembers {
  /**
   * Creates many, with a result for each; see `BatchProcessor.process`.
   * @param create Is called for each item, with the service as `this`.
   */
  batchCreate<In, Out>(
    items: BatchItems<In>,
    create: BatchOperation<In, Out>,
    options?: BatchOperationOptions<In, Out>,
  ): Promise<BatchResult<Out>>;
  /** Changes many, likewise. */
  batchUpdate<In, Out>(
    items: BatchItems<In>,
    update: BatchOperation<In, Out>,
    options?: BatchOperationOptions<In, Out>,
  ): Promise<BatchResult<Out>>;
  /** Deletes many, likewise. */
  batchDelete<In, Out>(
    items: BatchItems<In>,
    remove: BatchOperation<In, Out>,
    options?: BatchOperationOptions<In, Out>,
  ): Promise<BatchResult<Out>>;
}

/** What {@link BatchOperationsMixin} gives to the class. */
export interface BatchOperationsStatics {
  /** How batches are run; read at the first batch of an instance, and its limits hold for all of them. @default {} */
  batchOptions: BatchProcessorOptions;
}

/**
 * Batches for a service class: create, change or delete many, with limits that all batches of an instance share.
 * @example
 * class HostService extends mixin(BaseService, BatchOperationsMixin) {
 *   static override batchOptions = { maxConcurrent: 20, rateLimit: 100 };
 *   createAll(hosts: HostData[]) {
 *     return this.batchCreate(hosts, (host) => this.create(host), { resourceType: 'host' });
 *   }
 * }
 */
export const BatchOperationsMixin: Mixin<BatchOperationsMembers, BatchOperationsStatics> = <Base extends Constructor>(
  base: Base,
) => {
  abstract class BatchOperations extends base {
    static batchOptions: BatchProcessorOptions = {};

    batchCreate<In, Out>(
      items: BatchItems<In>,
      create: BatchOperation<In, Out>,
      options: BatchOperationOptions<In, Out> = {},
    ): Promise<BatchResult<Out>> {
      return runBatch(this, 'create', items, create, options);
    }

    batchUpdate<In, Out>(
      items: BatchItems<In>,
      update: BatchOperation<In, Out>,
      options: BatchOperationOptions<In, Out> = {},
    ): Promise<BatchResult<Out>> {
      return runBatch(this, 'update', items, update, options);
    }

    batchDelete<In, Out>(
      items: BatchItems<In>,
      remove: BatchOperation<In, Out>,
      options: BatchOperationOptions<In, Out> = {},
    ): Promise<BatchResult<Out>> {
      return runBatch(this, 'delete', items, remove, options);
    }
  }
  return BatchOperations;
};

// A service that is not used any more takes its processor with it.
// It keeps nothing of items and values, so one serves batches of all types.
const processors = new WeakMap<object, object>();

async function runBatch<In, Out>(
  service: object,
  verb: 'create' | 'update' | 'delete',
  items: BatchItems<In>,
  run: BatchOperation<In, Out>,
  { resourceType, ...options }: BatchOperationOptions<In, Out>,
): Promise<BatchResult<Out>> {
  if (typeof run !== 'function') {
    throw new TypeError(
      `batch${verb[0]?.toUpperCase()}${verb.slice(1)} takes a function for each item, got ${show(run)}`,
    );
  }
  if (resourceType !== undefined) checkOption('BatchOperationsMixin', 'resourceType', text(), resourceType);
  const { registry = shared } = optionsOf(service);
  const of = resourceType === undefined ? undefined : `${resourceType}-${verb}`;
  const batchId = options.batchId ?? options.resumeFrom?.batchId ?? newBatchId(registry, of);
  return processorOf<In, Out>(service).process(items, run.bind(service), { ...options, batchId });
}

function processorOf<In, Out>(service: object): BatchProcessor<In, Out> {
  const known = processors.get(service) as BatchProcessor<In, Out> | undefined;
  if (known !== undefined) return known;
  const name = service.constructor.name || 'batchProcessor';
  const processor = new BatchProcessor<In, Out>({ name, ...optionsOf(service) });
  processors.set(service, processor);
  return processor;
}

function optionsOf(service: object): BatchProcessorOptions {
  return (service.constructor as Partial<BatchOperationsStatics>).batchOptions ?? {};
}
