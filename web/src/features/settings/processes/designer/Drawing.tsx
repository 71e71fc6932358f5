import {
  type AriaLabelConfig,
  Background,
  type Connection,
  Controls,
  type Edge,
  getViewportForBounds,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { CircleAlert, FileCheck2, ListChecks, MessageSquare, ShieldCheck, TextCursorInput } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DefinedState, Definition } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { connect, moveState, removeTransition, transitionsOf } from './edits'
import { boundsOf, nodeHeight, nodeWidth, orderAt, type Point, placesOf, type Shape, shapeOf } from './layout'
import { type Place, placeOf } from './places'

type StageNode = Node<{ state: DefinedState }, 'stage'>

const nodeTypes = { stage: StageBox }
const smallestZoom = 0.2
/** Around the whole, as a share of it. */
const margin = 0.06
const arrow = { type: MarkerType.ArrowClosed, width: 16, height: 16 }

/** The Process as a drawing: stages are dragged into order, transitions drawn from one to another. */
export function Drawing() {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition, change, readOnly, place, open } = useDesigner()
  const box = useRef<HTMLDivElement>(null)
  const shape = useShape(box)
  const places = useMemo(() => placesOf(definition.states, shape), [definition.states, shape])
  const own = useMemo<StageNode[]>(() => {
    return definition.states.map((state) => ({
      id: state.key,
      type: 'stage',
      data: { state },
      position: places.get(state.key) ?? { x: 0, y: 0 },
      selected: place?.kind === 'state' && place.key === state.key,
      width: nodeWidth,
      height: nodeHeight,
      ariaLabel: label(state.label),
      ariaRole: 'button',
      domAttributes: { 'aria-roledescription': t('design.stage') },
    }))
  }, [definition.states, places, place, label, t])
  // While one is dragged it follows the pointer; let go, all stand where the order puts them.
  const [nodes, setNodes] = useState(own)
  useEffect(() => setNodes(own), [own])
  const edges = useMemo<Edge[]>(() => edgesOf(definition, place, label, places), [definition, place, label, places])
  const draw = ({ source, target }: Connection) => {
    if (source === target) return
    const [next, key] = connect(definition, source, target)
    change(next)
    open({ kind: 'transition', key, part: '' })
  }
  const listed = transitionsOf(definition).length > 0
  const words = useDrawingWords()
  // The keys say what the pointer says by dragging and clicking: the order, what is opened, what goes.
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    const node = target.closest('.react-flow__node')?.getAttribute('data-id')
    const edge = target.closest('.react-flow__edge')?.getAttribute('data-id')
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (by && node) {
      event.preventDefault()
      event.stopPropagation()
      const now = definition.states.findIndex((one) => one.key === node)
      if (!readOnly) change(moveState(definition, node, now + by))
    }
    if (event.key === 'Enter' && node) open({ kind: 'state', key: node, part: '' })
    if (event.key === 'Enter' && edge && listed) open({ kind: 'transition', key: edge, part: '' })
    if (event.key === 'Delete' && edge && listed && !readOnly) change(removeTransition(definition, edge))
  }
  return (
    <div ref={box} className={styles.drawing}>
      <ReactFlow<StageNode>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        minZoom={smallestZoom}
        maxZoom={1.5}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesFocusable={listed}
        deleteKeyCode={null}
        onNodesChange={(changes) =>
          setNodes((now) =>
            now.map((node) => {
              const moved = changes.find((one) => one.type === 'position' && one.id === node.id)
              return moved?.type === 'position' && moved.position ? { ...node, position: moved.position } : node
            }),
          )
        }
        onNodeDragStop={(_, node) => {
          const next = moveState(definition, node.id, orderAt(definition.states, shape, node.id, node.position))
          if (next === definition) setNodes(own)
          else change(next)
        }}
        onNodeClick={(_, node) => open({ kind: 'state', key: node.id, part: '' })}
        onEdgeClick={(_, edge) => listed && open({ kind: 'transition', key: edge.id, part: '' })}
        onPaneClick={() => open(null)}
        onConnect={draw}
        onKeyDownCapture={press}
        ariaLabelConfig={words}
        proOptions={{ hideAttribution: true }}
        aria-label={t('design.drawing')}
      >
        <Refit places={places} />
        <Background gap={16} color="var(--lr-line)" />
        <Controls showInteractive={false} showFitView={false} orientation="horizontal" position="bottom-right" />
      </ReactFlow>
      {!listed && <p className={styles.drawingNote}>{t('design.allAllowed')}</p>}
    </div>
  )
}

/** What the drawing tells those who do not see it. */
function useDrawingWords(): Partial<AriaLabelConfig> {
  const { t } = useTranslation()
  return useMemo(
    () => ({
      'node.a11yDescription.default': t('design.aria.stage'),
      'node.a11yDescription.keyboardDisabled': t('design.aria.stage'),
      'edge.a11yDescription.default': t('design.aria.move'),
      'controls.ariaLabel': t('design.aria.zoom'),
      'controls.zoomIn.ariaLabel': t('design.aria.larger'),
      'controls.zoomOut.ariaLabel': t('design.aria.smaller'),
      'handle.ariaLabel': t('design.aria.handle'),
    }),
    [t],
  )
}

/** How the box is laid out, as wide as it is now. */
function useShape(box: RefObject<HTMLDivElement | null>): Shape {
  const [shape, setShape] = useState(() => shapeOf(window.innerWidth))
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const next = shapeOf(entry.contentRect.width)
      setShape((now) => (now.perRow === next.perRow && now.endsBeside === next.endsBeside ? now : next))
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return shape
}

/** Shows the whole again when it changes, or the room for it: a panel opens beside it, a stage comes or goes. */
function Refit({ places }: { places: Map<string, Point> }) {
  const { setViewport } = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const { width: wide, height: high } = boundsOf(places)
  useEffect(() => {
    if (width === 0 || height === 0) return
    const bounds = { x: 0, y: 0, width: wide, height: high }
    void setViewport(getViewportForBounds(bounds, width, height, smallestZoom, 1, margin))
  }, [width, height, wide, high, setViewport])
  return null
}

/**
 * The transitions that are listed; where none are, the order as a hint. A move from anywhere into an open stage is drawn
 * from the one before it.
 */
function edgesOf(
  definition: Definition,
  place: Place | null,
  label: ReturnType<typeof useLabel>,
  places: Map<string, Point>,
): Edge[] {
  const moves = transitionsOf(definition)
  // A line that goes on in the next row runs between the rows, not behind the stages.
  const shapeOfLine = (source: string, target: string) =>
    (places.get(source)?.x ?? 0) < (places.get(target)?.x ?? 0) ? 'default' : 'smoothstep'
  const open = definition.states.filter((one) => one.kind === 'open').map((one) => one.key)
  const before = (key: string) => open[open.indexOf(key) - 1]
  if (moves.length === 0)
    return open.slice(1).map((key) => ({
      id: `order-${key}`,
      source: before(key) ?? '',
      target: key,
      type: shapeOfLine(before(key) ?? '', key),
      selectable: false,
      focusable: false,
      className: styles.hintEdge ?? '',
      markerEnd: arrow,
    }))
  const order = new Map(definition.states.map((state, index) => [state.key, index]))
  const drawn = new Set(moves.map((one) => `${one.from} ${one.to}`))
  return moves.flatMap((move): Edge[] => {
    const source = move.from ?? before(move.to)
    if (!source || (move.from === null && drawn.has(`${source} ${move.to}`))) return []
    const back = (order.get(move.to) ?? 0) < (order.get(source) ?? 0)
    const to = definition.states.find((one) => one.key === move.to)
    // A name that only repeats the stage it leads to says nothing new.
    const named = label(move.label) !== label(to?.label)
    return [
      {
        id: move.key,
        source,
        target: move.to,
        type: shapeOfLine(source, move.to),
        ...(named && { label: label(move.label) }),
        selected: place?.kind === 'transition' && place.key === move.key,
        ariaLabel: label(move.label),
        markerEnd: arrow,
        ...((back || move.from === null) && { className: styles.backEdge ?? '' }),
      },
    ]
  })
}

function StageBox({ data: { state }, selected }: NodeProps<StageNode>) {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition, problem, comments } = useDesigner()
  const at = problem ? placeOf(definition, problem.at) : null
  const faulty = at?.kind === 'state' && at.key === state.key
  const conditions = (state.entry?.length ?? 0) + (state.exit?.length ?? 0)
  const said = comments.filter((one) => one.place === state.key && !one.resolved_at).length
  const fromAny = transitionsOf(definition).some((one) => one.from === null && one.to === state.key)
  const facts = [
    { Shape: TextCursorInput, count: state.required?.length ?? 0, title: t('design.parts.required') },
    { Shape: ShieldCheck, count: conditions, title: t('design.parts.conditions') },
    { Shape: ListChecks, count: state.actions?.length ?? 0, title: t('design.parts.actions') },
    { Shape: FileCheck2, count: state.approval ? 1 : 0, title: t('design.parts.approval') },
    { Shape: MessageSquare, count: said, title: t('design.parts.comments') },
  ]
  return (
    <div
      className={styles.box}
      data-selected={selected || undefined}
      data-faulty={faulty || undefined}
      data-stage={state.key}
    >
      <Handle type="target" position={Position.Left} className={styles.handle ?? ''} />
      <div className={styles.boxHead}>
        <ChoiceTag label={label(state.label) || t('common.unnamed')} color={state.color} kind={state.kind} />
        {faulty && <CircleAlert size={14} className={styles.fault ?? ''} aria-label={t('design.hasProblem')} />}
      </div>
      <ul className={styles.facts}>
        {facts.map(
          ({ Shape, count, title }) =>
            count > 0 && (
              <li key={title} title={title}>
                <Shape size={12} aria-label={title} />
                {count}
              </li>
            ),
        )}
        {state.target_days ? <li>{t('design.targetShort', { days: state.target_days })}</li> : null}
        {state.probability ? <li>{state.probability}%</li> : null}
        {fromAny && state.kind !== 'open' && <li>{t('design.fromAnyHere')}</li>}
      </ul>
      <Handle type="source" position={Position.Right} className={styles.handle ?? ''} />
    </div>
  )
}
