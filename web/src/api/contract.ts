/**
 * Holds the types that pages use against those generated from the server: every member that a page may read exists in
 * the OpenAPI document. The pages' own types are narrower (unions instead of `string`, `{zh, en}` instead of a map).
 */
import type { components } from './schema'
import type * as T from './types'

type Server = components['schemas']
/** `true`, or the members that the server does not know. */
type Held<Ours, Theirs> =
  Exclude<keyof Ours, keyof Theirs> extends never ? true : { unknown: Exclude<keyof Ours, keyof Theirs> }
type All<Checks extends readonly true[]> = Checks

export type Contract = All<
  [
    Held<T.Me, Server['Me']>,
    Held<T.Me['organisation'], Server['MyOrganisation']>,
    Held<T.SessionOptions, Server['SessionOptions']>,
    Held<T.ObjectSummary, Server['ObjectSummary']>,
    Held<T.ObjectDescription, Server['ObjectDescription']>,
    Held<T.Field, Server['FieldDescription']>,
    Held<T.Choice, Server['ChoiceDescription']>,
    Held<T.Process, Server['ProcessDescription']>,
    Held<T.State, Server['StateDescription']>,
    Held<T.Transition, Server['TransitionDescription']>,
    Held<T.Related, Server['RelatedDescription']>,
    Held<T.Operator, Server['OperatorBody']>,
    Held<T.FieldType, Server['FieldTypeBody']>,
    Held<T.RegionNode, Server['RegionBody']>,
    Held<T.QueryRequest, Server['QueryRequest']>,
    Held<T.QueryResult, Server['QueryAnswer']>,
    Held<T.AggregateRequest, Server['AggregateRequest']>,
    Held<T.AggregateResult, Server['AggregateAnswer']>,
    Held<T.AggregateColumn, Server['AggregateColumn']>,
    Held<T.BoardRequest, Server['BoardRequest']>,
    Held<T.Board, Server['Board']>,
    Held<T.BoardState, Server['BoardState']>,
    Held<T.BatchRequest, Server['BatchBody']>,
    Held<T.BatchOutcome, Server['BatchOutcome']>,
    Held<T.ProblemItem, Server['ProblemItem']>,
    Held<T.OfferedTransition, Server['OfferedMove']>,
    Held<T.Gate, Server['Gate']>,
    Held<T.ApprovalDetail, Server['ApprovalDetail']>,
    Held<T.ApprovalStep, Server['ApprovalStepBody']>,
    Held<T.ApprovalSeat, Server['ApprovalSeat']>,
    Held<T.ApprovalPage, Server['ApprovalPage']>,
    Held<T.RecordApprovals, Server['RecordApprovals']>,
    Held<T.OfferedApproval, Server['OfferedApproval']>,
    Held<T.Decide, Server['DecideBody']>,
    Held<T.HistoryEvent, Server['HistoryEvent']>,
    Held<T.HistoryChange, Server['HistoryChange']>,
    Held<T.Visit, Server['VisitBody']>,
    Held<T.RecordHealth, Server['HealthBody']>,
    Held<T.HealthSignal, Server['HealthSignalBody']>,
    Held<T.ActionState, Server['ActionState']>,
    Held<T.SearchResult, Server['SearchAnswer']>,
    Held<T.View, Server['ViewBody']>,
    Held<T.ViewDefinition, Server['ViewDefinition']>,
    Held<T.Start, Server['StartBody']>,
    Held<T.ExportJob, Server['ExportBody']>,
    Held<T.RetypePreview, Server['RetypePreviewBody']>,
    Held<T.Retype, Server['RetypeBody']>,
    Held<T.Role, Server['RoleBody']>,
    Held<T.Retired, Server['RetiredBody']>,
    Held<T.Login, Server['LoginBody']>,
    Held<T.RecordFile, Server['FileBody']>,
    Held<T.FileVersion, Server['FileVersionBody']>,
    Held<T.DocumentType, Server['DocumentTypeBody']>,
    Held<T.FileLimits, Server['FileLimits']>,
    Held<T.PersonLogin, Server['PersonLogin']>,
    Held<T.ApiToken, Server['TokenBody']>,
    Held<T.ProcessTemplates, Server['ProcessTemplates']>,
    Held<T.ProcessTemplate, Server['ProcessTemplate']>,
    Held<T.TemplateStage, Server['TemplateStage']>,
    Held<T.WholeTemplate, Server['WholeTemplate']>,
    Held<T.NewDefinition, Server['NewDefinition']>,
    Held<T.DesignCheckResult, Server['DesignCheckBody']>,
    Held<T.DesignFinding, Server['DesignFindingBody']>,
    Held<T.DesignSignal, Server['DesignSignalBody']>,
    Held<T.Threshold, Server['DesignThresholdBody']>,
    Held<T.StageFigures, Server['StageFiguresBody']>,
    Held<T.Comparison, Server['ComparisonBody']>,
    Held<T.ComparedStage, Server['ComparedStage']>,
    Held<T.ComparedMeasure, Server['ComparedMeasureBody']>,
    Held<T.ComparedValue, Server['ComparedValueBody']>,
    Held<T.ComparedSide, Server['ComparedSideBody']>,
  ]
>
