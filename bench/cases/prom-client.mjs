import { Summary } from 'prom-client';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

let summaries = 0;

export const jobs = {
  timed: (fn) => {
    const summary = new Summary({ name: `calls${++summaries}`, help: 'calls', registers: [] });
    const call = async (x) => {
      const end = summary.startTimer();
      try {
        return await fn(x);
      } finally {
        end();
      }
    };
    call.counted = async () =>
      (await summary.get()).values.find(({ metricName }) => metricName?.endsWith('_count')).value;
    return call;
  },
};

export const prove = () => proveJobs('prom-client', jobs);
export const cases = async () => casesOf(jobs);
