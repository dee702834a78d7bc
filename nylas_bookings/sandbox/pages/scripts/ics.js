// A meeting as an iCalendar file, for the visitor's own calendar.

const stamp = (moment) => new Date(moment * 1000).toISOString().replace(/[-:]|\.\d+/g, "");

const escaped = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

/** No line is longer than 75 bytes; what is, goes on after a space. */
function folded(line) {
  let text = "";
  let bytes = 0;
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length;
    if (bytes + size > 75) {
      text += "\r\n ";
      bytes = 1;
    }
    text += letter;
    bytes += size;
  }
  return text;
}

/** The address of a file with one event. */
export function calendarFile({ id, title, description, place, start, end, now, pending }) {
  const lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//nylas-bookings//sandbox//EN", "BEGIN:VEVENT",
    `UID:${escaped(id)}`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(start)}`, `DTEND:${stamp(end)}`,
    `SUMMARY:${escaped(title)}`, `STATUS:${pending ? "TENTATIVE" : "CONFIRMED"}`,
    ...(description ? [`DESCRIPTION:${escaped(description)}`] : []),
    ...(place ? [`LOCATION:${escaped(place)}`] : []),
    "END:VEVENT", "END:VCALENDAR",
  ];
  const text = lines.map(folded).join("\r\n") + "\r\n";
  return `data:text/calendar;charset=utf-8,${encodeURIComponent(text)}`;
}
