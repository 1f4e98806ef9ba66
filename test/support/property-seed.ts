/** Property tests draw the same cases in every run, so that a failure is a change's fault; `PROPERTY_SEED=N` draws others, `random` new ones each time. */
import fc from 'fast-check';

const wanted = process.env.PROPERTY_SEED ?? '20261122';
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
