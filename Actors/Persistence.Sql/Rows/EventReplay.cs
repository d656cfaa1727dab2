using System.Runtime.CompilerServices;
using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>Reads a history piece by piece and refuses one with a number missing.</summary>
internal static class EventReplay
{
    private const int FirstRows = 64;
    private const int MostRows = 1024;

    /// <summary>Bytes of payload that a page aims at, so that a history of large events is not held at once.</summary>
    internal const int PageBytes = 1 << 20;

    public static async IAsyncEnumerable<Persistent> ReadAsync(IEventPages pages, EventCodec codec, string persistenceId,
        long from, long to, long max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (max <= 0 || to < from || PersistenceIdText.Fault(persistenceId) is not null) yield break;
        if (await pages.FindAsync(persistenceId, cancellationToken).ConfigureAwait(false) is not { } id) yield break;
        var expected = Math.Max(Math.Max(from, 1), id.DeletedTo + 1);
        var limit = FirstRows;
        while (expected <= to && max > 0)
        {
            var asked = (int)Math.Min(limit, max);
            var page = await pages.ReadAsync(persistenceId, id.Key, expected, to, asked, cancellationToken).ConfigureAwait(false);
            var more = page.More;
            var bytes = 0L;
            foreach (var row in page.Rows)
            {
                if (row.SequenceNr != expected)
                {
                    // Deleted since the page before: then the id says so, for it is marked before its rows go.
                    var now = await pages.FindAsync(persistenceId, cancellationToken).ConfigureAwait(false);
                    if (now is not { } marked || marked.DeletedTo < expected)
                        throw Gap(pages.Place, persistenceId, expected, row.SequenceNr);
                    expected = marked.DeletedTo + 1;
                    more = true;
                    break;
                }

                bytes += row.Payload?.Length ?? 0;
                expected++;
                yield return codec.Decode(row);
                if (--max == 0) yield break;
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!more) yield break;
            limit = NextLimit(page.Rows.Count, bytes);
        }
    }

    private static int NextLimit(int rows, long bytes) =>
        (int)Math.Clamp(PageBytes / Math.Max(1, bytes / Math.Max(1, rows)), 1, MostRows);

    private static JournalCorruptException Gap(string place, string persistenceId, long expected, long found)
    {
        var missing = found - expected == 1 ? $"event {expected} is missing" : $"events {expected} to {found - 1} are missing";
        return new JournalCorruptException($"{missing}, {found} is there", place, persistenceId, expected);
    }
}
