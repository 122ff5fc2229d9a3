export interface Column<Row> {
  key: string
  label: string // key of the text
  text: (row: Row) => string // plain text: the cell if no slot draws it, the clipboard, the card
  width?: number
  align?: 'right' | 'center'
  hidden?: boolean // until chosen
  fixed?: boolean // cannot be hidden
  card?: 'title' | 'side' | 'none' // its place when the list is shown as cards
}
