import fc from 'fast-check';

/** Property tests try the same cases in every run, so that a failure is of the change at hand; QD_PROPERTY_SEED tries others. */
fc.configureGlobal({ seed: Number(process.env['QD_PROPERTY_SEED'] ?? 20_260_131) });
