/** Every page and its address. Pages are loaded when they are first opened. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { homeObject, objectsQuery } from '@/kernel/describe'
import { meQuery, takeLanguage } from '@/kernel/session'
import { startsQuery } from '@/kernel/starts'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { NotFoundPage } from './NotFoundPage'
import { Shell } from './Shell'
import { approvalsSearch, chartSearch, designerSearch, listSearch, signInSearch } from './search'

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('@/features/signin/SignInPage'), 'SignInPage'),
})

const setPassword = createRoute({
  getParentRoute: () => root,
  path: '/set-password',
  component: lazyRouteComponent(() => import('@/features/signin/SetPasswordPage'), 'SetPasswordPage'),
})

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: signInSearch,
  beforeLoad: async ({ context, search }) => {
    try {
      await takeLanguage(context.client, await context.client.ensureQueryData(meQuery))
    } catch (error) {
      if ((error as { status?: number }).status !== 401) throw error
      throw redirect({ to: '/sign-in', search })
    }
  },
  component: lazyRouteComponent(() => import('@/features/signin/SecondFactorPage'), 'SecondFactorPage'),
})

/** Everything behind the sign-in: who, which Objects and what to start with are known before the first page is drawn. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const back = location.href === '/' ? {} : { next: location.href }
    try {
      const me = await context.client.ensureQueryData(meQuery)
      await takeLanguage(context.client, me)
      if (me.second_factor_needed) throw redirect({ to: '/second-factor', search: back })
      await Promise.all([context.client.ensureQueryData(objectsQuery), context.client.ensureQueryData(startsQuery)])
    } catch (error) {
      if ((error as { status?: number }).status !== 401) throw error
      throw redirect({ to: '/sign-in', search: back })
    }
  },
  component: Shell,
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context }) => {
    const object = homeObject(await context.client.ensureQueryData(objectsQuery))
    if (!object) return
    const to = object.processes.length > 0 ? '/o/$object/board' : '/o/$object'
    throw redirect({ to, params: { object: object.key }, replace: true })
  },
  component: NotFoundPage,
})

const list = createRoute({
  getParentRoute: () => shell,
  path: '/o/$object',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('@/features/list/ListPage'), 'ListPage'),
})

const board = createRoute({
  getParentRoute: () => shell,
  path: '/o/$object/board',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('@/features/board/BoardPage'), 'BoardPage'),
})

const record = createRoute({
  getParentRoute: () => shell,
  path: '/o/$object/$id',
  component: lazyRouteComponent(() => import('@/features/record/RecordPage'), 'RecordPage'),
})

const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(() => import('@/features/approvals/ApprovalsPage'), 'ApprovalsPage'),
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  validateSearch: (raw: Record<string, unknown>): { object?: string } =>
    typeof raw.object === 'string' ? { object: raw.object } : {},
  component: lazyRouteComponent(() => import('@/features/imports/ImportsPage'), 'ImportsPage'),
})

const importRun = createRoute({
  getParentRoute: () => shell,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('@/features/imports/ImportPage'), 'ImportPage'),
})

const recycle = createRoute({
  getParentRoute: () => shell,
  path: '/recycle',
  validateSearch: (raw: Record<string, unknown>): { object?: string } =>
    typeof raw.object === 'string' ? { object: raw.object } : {},
  component: lazyRouteComponent(() => import('@/features/recycle/RecyclePage'), 'RecyclePage'),
})

const workLog = createRoute({
  getParentRoute: () => shell,
  path: '/work-log',
  component: lazyRouteComponent(() => import('@/features/worklog/WorkLogPage'), 'WorkLogPage'),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsPage'), 'SettingsPage'),
})

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/account', replace: true })
  },
})

const settingsAccount = createRoute({
  getParentRoute: () => settings,
  path: '/account',
  component: lazyRouteComponent(() => import('@/features/settings/account/AccountPage'), 'AccountPage'),
})

const settingsObjects = createRoute({
  getParentRoute: () => settings,
  path: '/objects',
  component: lazyRouteComponent(() => import('@/features/settings/objects/ObjectsPage'), 'ObjectsPage'),
})

const settingsObject = createRoute({
  getParentRoute: () => settings,
  path: '/objects/$object',
  component: lazyRouteComponent(() => import('@/features/settings/objects/ObjectPage'), 'ObjectPage'),
})

const settingsDocuments = createRoute({
  getParentRoute: () => settings,
  path: '/documents',
  component: lazyRouteComponent(() => import('@/features/settings/documents/DocumentTypesPage'), 'DocumentTypesPage'),
})

const settingsPeople = createRoute({
  getParentRoute: () => settings,
  path: '/people',
  validateSearch: (raw: Record<string, unknown>): { role?: string } =>
    typeof raw.role === 'string' ? { role: raw.role } : {},
  component: lazyRouteComponent(() => import('@/features/settings/people/PeoplePage'), 'PeoplePage'),
})

const settingsHandOver = createRoute({
  getParentRoute: () => settings,
  path: '/hand-over',
  validateSearch: (raw: Record<string, unknown>): { person?: string } =>
    typeof raw.person === 'string' ? { person: raw.person } : {},
  component: lazyRouteComponent(() => import('@/features/settings/handover/HandOverPage'), 'HandOverPage'),
})

const settingsRoles = createRoute({
  getParentRoute: () => settings,
  path: '/roles',
  component: lazyRouteComponent(() => import('@/features/settings/roles/RolesPage'), 'RolesPage'),
})

const settingsSharing = createRoute({
  getParentRoute: () => settings,
  path: '/sharing',
  component: lazyRouteComponent(() => import('@/features/settings/sharing/SharingRulesPage'), 'SharingRulesPage'),
})

const settingsSecurity = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  component: lazyRouteComponent(() => import('@/features/settings/security/SecurityPage'), 'SecurityPage'),
})

const settingsAudit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  component: lazyRouteComponent(() => import('@/features/settings/audit/AuditPage'), 'AuditPage'),
})

const settingsProcesses = createRoute({
  getParentRoute: () => settings,
  path: '/processes',
  component: lazyRouteComponent(() => import('@/features/settings/processes/ProcessesPage'), 'ProcessesPage'),
})

const settingsProcess = createRoute({
  getParentRoute: () => settings,
  path: '/processes/$process',
  validateSearch: designerSearch,
  component: lazyRouteComponent(() => import('@/features/settings/processes/designer/DesignerPage'), 'DesignerPage'),
})

const settingsProcessChart = createRoute({
  getParentRoute: () => settings,
  path: '/processes/$process/chart',
  validateSearch: chartSearch,
  component: lazyRouteComponent(() => import('@/features/settings/processes/designer/ChartPage'), 'ChartPage'),
})

const tree = root.addChildren([
  signIn,
  setPassword,
  secondFactor,
  shell.addChildren([
    home,
    list,
    board,
    record,
    approvals,
    imports,
    importRun,
    recycle,
    workLog,
    settings.addChildren([
      settingsHome,
      settingsAccount,
      settingsObjects,
      settingsObject,
      settingsDocuments,
      settingsPeople,
      settingsSecurity,
      settingsHandOver,
      settingsRoles,
      settingsSharing,
      settingsAudit,
      settingsProcesses,
      settingsProcess,
      settingsProcessChart,
    ]),
  ]),
])

export const makeRouter = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingComponent: () => <Bones />,
    defaultErrorComponent: ({ error, reset }) => <ProblemPanel error={error} onRetry={reset} />,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  })
