import { common } from '../../i18n/common'
import { Loading } from '../../ui/loading'
import { Notice } from '../../ui/notice'
import { useBoard } from '../data'
import { supervisorTexts } from '../texts'
import { Agents } from './agents'
import { Figures } from './figures'
import { KeptChart } from './kept-chart'
import { Late } from './late'
import { Queue } from './queue'
import { HandedBack, ToAssign } from './to-decide'
import './wall.css'

/** What goes on, and what will be late while something can still be done about it. */
export function Wall() {
  const board = useBoard()
  const shown = board.data.value
  if (!shown) return board.failure.value ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  return (
    <>
      {board.failure.value && <Notice tone="warn">{common.value.unreachable}</Notice>}
      <Figures board={shown} />
      <div class="wall">
        <div class="wall-main">
          <ToAssign board={shown} onDone={() => board.reload()} />
          <Late board={shown} />
          <HandedBack board={shown} />
          <Queue board={shown} />
          {shown.more !== undefined && shown.more > 0 && <p class="soft">{supervisorTexts.value.wall.more(shown.more)}</p>}
        </div>
        <aside class="wall-side">
          <Agents board={shown} />
          <KeptChart days={shown.days} />
        </aside>
      </div>
    </>
  )
}
