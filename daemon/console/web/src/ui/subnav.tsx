import './subnav.css'

/** The parts of a page, each with a path of its own. */
export function Subnav({ label, parts, shown }: { label: string; parts: { path: string; name: string }[]; shown: string }) {
  return (
    <nav class="subnav" aria-label={label}>
      {parts.map(({ path, name }) => <a key={path} href={path} aria-current={path === shown ? 'page' : undefined}>{name}</a>)}
    </nav>
  )
}
