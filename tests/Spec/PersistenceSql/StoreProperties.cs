using System.Collections.Concurrent;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;

namespace Picket.Spec.PersistenceSql;

/// <summary>
/// Writers, deleters, readers and savers at the same time, in an order that a seed chooses. What a reader sees is always a piece of the
/// history without a hole, all that was acknowledged before it began is in it, and at the end all is there, in order, once.
/// </summary>
internal static class StoreProperties
{
    private const int Ids = 12;
    private const int Steps = 60;

    public static async Task HoldAsync(IEventJournal journal, ISnapshotStore snapshots, int seed)
    {
        var acknowledged = new ConcurrentDictionary<string, long>();
        var deleting = new ConcurrentDictionary<string, long>();
        var deleted = new ConcurrentDictionary<string, long>();
        var tasks = Enumerable.Range(0, Ids).Select(id => Task.Run(() => LiveAsync($"id {id}", new Random(seed + id)))).ToList();
        await Task.WhenAll(tasks);
        for (var i = 0; i < Ids; i++)
        {
            var id = $"id {i}";
            var first = deleted.GetValueOrDefault(id) + 1;
            Assert.Equal(Numbers(first, acknowledged[id]), (await StoreFolder.ReplayAsync(journal, id)).Select(e => $"{e.Payload}"));
            Assert.Equal(acknowledged[id], await journal.ReadHighestSequenceNrAsync(id, default));
        }

        // All of it, and once more where nothing is left: the numbers stay used up, and only they.
        for (var i = 0; i < 2; i++) await journal.DeleteToAsync("id 0", long.MaxValue, default);
        Assert.Equal(acknowledged["id 0"], await journal.ReadHighestSequenceNrAsync("id 0", default));
        await StoreFolder.WriteAsync(journal, "id 0", acknowledged["id 0"] + 1, 1);
        Assert.Single(await StoreFolder.ReplayAsync(journal, "id 0"));

        async Task LiveAsync(string id, Random random)
        {
            for (var step = 0; step < Steps; step++)
            {
                var next = acknowledged.GetValueOrDefault(id) + 1;
                switch (random.Next(10))
                {
                    case < 6:
                        var count = random.Next(1, 40);
                        var writes = Enumerable.Range(0, count).Select(i => new AtomicWrite(new Persistent($"{next + i}", next + i, id, writerGuid: "w"))).ToList();
                        Assert.All(await journal.WriteAsync(writes, default), Assert.Null);
                        acknowledged[id] = next + count - 1;
                        break;
                    case 6:
                        var to = random.NextInt64(next);
                        deleting[id] = Math.Max(deleting.GetValueOrDefault(id), to);
                        await journal.DeleteToAsync(id, to, default);
                        deleted[id] = Math.Max(deleted.GetValueOrDefault(id), to);
                        break;
                    case 7:
                        await snapshots.SaveAsync(new SnapshotMetadata(id, next), next, default);
                        Assert.Equal(next, (await snapshots.LoadAsync(id, new SnapshotSelectionCriteria(next), default))!.Snapshot);
                        break;
                    default:
                        await LookAsync($"id {random.Next(Ids)}");
                        break;
                }
            }

            acknowledged.TryAdd(id, 0);
        }

        async Task LookAsync(string id)
        {
            var sure = acknowledged.GetValueOrDefault(id);
            var seen = await StoreFolder.ReplayAsync(journal, id);
            // While it was read its beginning may have been deleted; nothing else makes a hole.
            var gone = deleting.GetValueOrDefault(id);
            Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(
                pair.First.SequenceNr + 1 == pair.Second.SequenceNr || pair.Second.SequenceNr <= gone + 1, $"{id}: {pair.First.SequenceNr}, {pair.Second.SequenceNr}"));
            Assert.All(seen, e => Assert.Equal($"{e.SequenceNr}", e.Payload));
            if (seen.Count > 0) Assert.True(seen[^1].SequenceNr >= sure, $"{id}: {sure} was acknowledged, {seen[^1].SequenceNr} was read");
        }
    }

    private static IEnumerable<string> Numbers(long first, long last)
    {
        for (var nr = first; nr <= last; nr++) yield return $"{nr}";
    }
}
