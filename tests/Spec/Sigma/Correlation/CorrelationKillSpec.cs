using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Alerts;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>An engine whose process is killed, against the twin that never is: the snapshot, the journal, and what its source brings again.</summary>
public sealed class CorrelationKillSpec
{
    [Fact]
    public void What_a_killed_engine_and_its_successor_fire_is_what_the_twin_does_once_each() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
            {
                var difference = Compare(seed, out _);
                Assert.True(difference is null, difference);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    [Fact]
    public void Kills_meet_alerts_that_were_not_written_yet()
    {
        var owed = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            Compare(seed, out var unwritten);
            owed += unwritten;
        }

        Assert.InRange(owed, 50, 10_000);
    }

    [Fact]
    public void The_form_of_the_entries_is_frozen()
    {
        var entries = new CorrelationEntries();
        var occurrence = new Occurrence { Time = 1, IdHigh = 2, IdLow = 3, Value = 4, Source = 5 };
        var rule = Load(Document("type: event_count\nrules: [a]\ntimespan: 10s\ncondition: {gte: 3}")).Correlations[0];
        entries.AddTaken(0x1122334455667788, occurrence, [9, 8, 7]);
        entries.AddFired(6, occurrence, new CorrelationFiring(rule, new StableId(8), [new StableId(10), new StableId(11)], 12, 13, [], 14, 1), leadsOn: true);

        const string Occurrence = "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0500000000000000";
        Assert.Equal($"01008877665544332211{Occurrence}03000000090807"
            + $"02030600000000000000{Occurrence}4c0000000000000000000000" + "0800000000000000" + "0c00000000000000" + "0d00000000000000" + "0e000000"
            + "000000000000f03f" + $"0a{new string('0', 30)}0b{new string('0', 30)}",
            Convert.ToHexStringLower(entries.Bytes));
        ReadOnlySpan<byte> rest = entries.Bytes;
        Assert.True(CorrelationEntries.TryRead(ref rest, out var taken, out var key));
        Assert.Equal((0x1122334455667788UL, null, 5), (taken.Correlation, taken.Fired, taken.Occurrence.Source));
        Assert.Equal([9, 8, 7], key.ToArray());
        Assert.True(CorrelationEntries.TryRead(ref rest, out var entry, out _));
        var fired = entry.Fired!;
        Assert.Equal((new StableId(8), 12L, 13L, 14, 1.0, true, true), (fired.Id, fired.FromNs, fired.ToNs, fired.Count, fired.Value, fired.Alerts, fired.LeadsOn));
        Assert.Equal([new StableId(10), new StableId(11)], fired.Events);
        Assert.False(CorrelationEntries.TryRead(ref rest, out _, out _));
    }

    private static string? Compare(int seed, out int unwritten)
    {
        var random = new RandomCorrelations(seed);
        var set = Load(random.Documents());
        var options = new CorrelationOptions { Lateness = random.Lateness() };
        var chance = new Random(seed);
        var stream = random.Stream(120);
        var twin = new SlowCorrelation(set, options.Lateness);
        foreach (var one in stream) twin.Hear(RuleOf(set, one), one.Time, CorrelationRun.IdOf(one.Number), one.Fields);

        var (kill, snapshotAt) = (chance.Next(20, 110), chance.Next(0, 110));
        var run = new CorrelationRun(set, options);
        run.Engine.Entries = new CorrelationEntries();
        var (journal, snapshot, position) = (new List<byte[]>(), run.Engine.Save(), 0);
        var (told, tellers, flushed, steady) = (new List<CorrelationFiring>(), new List<int>(), 0, new HashSet<int>());
        for (var i = 0; i < kill; i++)
        {
            var (taken, late) = (run.Engine.Counts.Taken, run.Engine.Counts.Late);
            Hear(run, set, stream[i], 0);
            if (run.Engine.Counts.Taken > taken && run.Engine.Counts.Late == late) steady.Add(i);
            var fires = run.Fired.Count > told.Count;
            if (fires || chance.Next(3) == 0 || i == snapshotAt)
            {
                if (run.Engine.Entries.Length > 0) journal.Add(run.Engine.Entries.Bytes.ToArray());
                run.Engine.Entries.Clear();
                flushed = i + 1;
            }

            for (; told.Count < run.Fired.Count; tellers.Add(i)) told.Add(run.Fired[told.Count]);
            if (i == snapshotAt) (snapshot, position) = (run.Engine.Save(), journal.Count);
        }

        // What was told last may not be written; its events, and all that is not in the journal, come again, and some more.
        unwritten = chance.Next(0, Math.Min(3, told.Count) + 1);
        var written = told.Take(told.Count - unwritten).Select(firing => firing.Id).ToHashSet();
        var from = Math.Min(flushed, unwritten > 0 ? tellers[^unwritten] : kill);
        from = Math.Max(0, from - chance.Next(8));

        var next = new CorrelationRun(set, options) { Engine = CorrelationEngine.Restore(set.Correlations, options, snapshot, out var restored) };
        Assert.True(restored >= 0, "the snapshot is damaged");
        for (var i = 0; i < journal.Count; i++) next.Engine.Replay(journal[i], i < position, written.Contains);

        // A match that was taken is the same one when its time is told differently.
        for (var i = from; i < stream.Count; i++) Hear(next, set, stream[i], i < flushed && steady.Contains(i) ? chance.Next(-999, 999) : 0);

        var twice = next.Fired.FirstOrDefault(firing => written.Contains(firing.Id));
        if (twice is not null) return $"seed {seed}, kill at {kill}, snapshot at {snapshotAt}, again from {from}: {Show(twice)} was written before";
        var all = told.Take(told.Count - unwritten).Concat(next.Fired).Select(Show).ToList();
        return all.SequenceEqual(twin.Fired) ? null
            : $"seed {seed}, kill at {kill}, snapshot at {snapshotAt}, again from {from}, {unwritten} unwritten:\nengine {string.Join("\n       ", all)}\n"
                + $"twin   {string.Join("\n       ", twin.Fired)}\n{string.Join("---\n", new RandomCorrelations(seed).Documents())}";
    }

    private static void Hear(CorrelationRun run, SigmaRuleSet set, RandomCorrelations.StreamEvent one, long difference) => run.Engine.Hear(
        RuleOf(set, one), SigmaEvents.Of([.. one.Fields.Select(pair => (pair.Key, (string?)pair.Value))]).View(0), one.Time + difference,
        CorrelationRun.IdOf(one.Number), run);

    private static SigmaRule RuleOf(SigmaRuleSet set, RandomCorrelations.StreamEvent one) => set.Rules.Single(rule => rule.Name == one.Rule);

    private static string Show(CorrelationFiring firing) =>
        SlowCorrelation.Show(firing.Rule, firing.ToNs, firing.Events, firing.Count, firing.Value);
}
