/** The HTTP contract in TypeScript: what `/api/v1` sends and takes. `contract.ts` holds it against the server's. */
export type * from './approvals'
export type * from './catalogue'
export type * from './designCheck'
export type * from './files'
export type * from './health'
export type * from './organisation'
export type * from './records'
export type * from './templates'
