export { deployMark, type DeployRow, incidentMark, type IncidentRow, DEPLOY_SETTLE_MS } from './marks.ts';
export { changesDayInput, type ChangesDayInput, deployInput, type DeployInput } from './schemas.ts';
