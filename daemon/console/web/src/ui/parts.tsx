import type { ComponentChildren, ComponentType } from 'preact'
import { path, segmentsOf } from '../app/router'
import './parts.css'

export interface PagePart {
  /** Follows the page in the path; empty: what the page itself shows. */
  segment: string
  name: string
  content: ComponentType
}

interface Props {
  title: string
  /** Of the navigation, for assistive technology. */
  label: string
  home: string
  parts: PagePart[]
  /** What any other segment shows. */
  other: (segment: string) => ComponentChildren
}

/** A page of several parts, each with a path of its own. */
export function Parts({ title, label, home, parts, other }: Props) {
  const [segment = ''] = segmentsOf(path.value)
  const Content = parts.find((part) => part.segment === segment)?.content
  return (
    <>
      <h1 class="hidden">{title}</h1>
      <nav class="subnav" aria-label={label}>
        {parts.map((part) => {
          const to = part.segment ? `${home}/${part.segment}` : home
          return <a key={to} href={to} aria-current={to === path.value ? 'page' : undefined}>{part.name}</a>
        })}
      </nav>
      {Content ? <Content key={segment} /> : other(segment)}
    </>
  )
}
