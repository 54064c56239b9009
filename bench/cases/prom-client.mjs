import { Histogram } from 'prom-client';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

let histograms = 0;

export const jobs = {
  timed: (fn) => {
    const histogram = new Histogram({ name: `calls${++histograms}`, help: 'calls', registers: [] });
    const call = async (x) => {
      const end = histogram.startTimer();
      try {
        return await fn(x);
      } finally {
        end();
      }
    };
    call.counted = async () =>
      (await histogram.get()).values.find(({ metricName }) => metricName?.endsWith('_count')).value;
    return call;
  },
};

export const prove = () => proveJobs('prom-client', jobs);
export const cases = async () => casesOf(jobs);
