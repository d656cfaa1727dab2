using Picket.Detection.Sigma.Correlation;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>What is left of correlations after a power cut and on a disk that is damaged, full or failing, and what is said of it.</summary>
public sealed class CorrelationJournalSpec
{
    private const int Header = 32;
    private const int Matches = 6;

    private static readonly string Count = Document("type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 4}");
    private static readonly string Values = Document("type: value_count\nrules: [a]\ngroup-by: [G]\ntimespan: 10s\ncondition: {gte: 3, field: V}");

    [Fact]
    public void Of_a_journal_that_was_cut_at_any_byte_every_whole_record_counts_and_the_cut_is_said()
    {
        using var lab = Written(out var ends);
        var (segment, state) = (lab.Files.Content(lab.Segments[0]), lab.Files.Content(CorrelationLab.StateFile));
        Assert.Equal(segment.Length, ends[^1]);
        for (var length = Header; length <= segment.Length; length++)
        {
            Again(lab, segment[..length], state);

            var whole = ends.FindAll(end => end <= length).Count;
            Assert.Equal(Reference(lab, Enumerable.Range(0, whole)), lab.State.Engine.Save());

            // A cut at the end of a record is no damage: as far as anyone can tell the record was never there.
            var isTorn = length != Header && !ends.Contains(length);
            Assert.Equal((length, isTorn), (length, lab.Said().Contains("cut short", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_flipped_byte_costs_the_matches_of_its_record_and_no_other_and_is_said()
    {
        using var lab = Written(out var ends);
        var (segment, state) = (lab.Files.Content(lab.Segments[0]), lab.Files.Content(CorrelationLab.StateFile));
        var all = Reference(lab, Enumerable.Range(0, Matches));
        var lost = 0;
        for (var at = Header; at < segment.Length; at++)
        {
            var damaged = segment.ToArray();
            damaged[at] ^= 0xFF;
            Again(lab, damaged, state);

            var said = lab.Said();
            var hit = ends.FindIndex(end => at < end);
            var saved = lab.State.Engine.Save();
            if (saved.AsSpan().SequenceEqual(all) && said.Length == 0) continue; // what pads a record means nothing
            Assert.Equal(Reference(lab, Enumerable.Range(0, Matches).Where(match => match != hit)), saved);
            Assert.True(said.Contains("damaged", StringComparison.Ordinal) || said.Contains("cut short", StringComparison.Ordinal), $"byte {at}: '{said}'");
            lost++;
        }

        Assert.InRange(lost, segment.Length * 3 / 4, segment.Length);
    }

    [Fact]
    public void Each_of_two_rules_with_one_text_has_its_own_matches_back_after_a_kill()
    {
        using var lab = new CorrelationLab(Load(Count, Count));
        for (var number = 1; number < 4; number++) Assert.Equal(0, lab.Hear(number, number, ("G", "x")));

        lab.Kill();

        Assert.Equal(2, lab.Hear(4, 4, ("G", "x")));
        for (var number = 5; number < 15; number++) Assert.Equal(0, lab.Hear(number, number, ("G", "x")));
    }

    [Fact]
    public void A_snapshot_with_a_flipped_byte_is_not_taken_and_its_journal_is_not_put_on_top_of_nothing()
    {
        using var lab = Written(out _);
        lab.State.Save();
        var (segment, state) = (lab.Files.Content(lab.Segments[0]), lab.Files.Content(CorrelationLab.StateFile));
        for (var at = 0; at < state.Length; at++)
        {
            var damaged = state.ToArray();
            damaged[at] ^= 0x40;
            Again(lab, segment, damaged);

            Assert.Equal((at, 0), (at, lab.State.Engine.Groups));
            Assert.Contains("damaged", lab.Said(), StringComparison.Ordinal);

            // The next run goes on with what this one wrote in its place.
            lab.Hear(50, 1, ("G", "x"), ("V", "1"));
            lab.Kill();
            Assert.Equal((at, 2, ""), (at, lab.State.Engine.Groups, lab.Said()));
        }
    }

    [Fact]
    public void A_lost_last_segment_costs_what_was_in_it_alone()
    {
        using var lab = new CorrelationLab(Load(Count));
        var state = lab.Files.Content(CorrelationLab.StateFile);
        var number = Fill(lab, 0, segments: 2);
        var (first, last) = (lab.Files.Content(lab.Segments[0]), lab.Segments[1]);
        lab.Files.Kill();
        lab.Files.Delete(last);
        lab.Files.Put(CorrelationLab.StateFile, state);
        lab.Start();

        Assert.InRange(lab.State.Engine.Groups, number * 2 / 3, number - 1);
        Assert.Equal(first.Length, lab.Files.Content(lab.Segments[0]).Length);
    }

    [Fact]
    public void Where_the_journal_has_lost_its_end_the_snapshot_stands_and_what_is_written_next_is_not_taken_for_old()
    {
        using var lab = new CorrelationLab(Load(Count));
        Fill(lab, 0, segments: 2);
        lab.Hear(1_000, 0, ("G", "x"));
        lab.State.Save();
        var groups = lab.State.Engine.Groups;
        var last = lab.Segments[1];
        lab.Files.Kill();
        lab.Files.Delete(last);
        lab.Start();

        Assert.Equal(groups, lab.State.Engine.Groups);
        Assert.Contains("lost its end", lab.Said(), StringComparison.Ordinal);
        lab.Hear(1_001, 1, ("G", "x"));
        lab.Hear(1_002, 2, ("G", "x"));
        lab.Kill();

        Assert.Equal("", lab.Said());
        Assert.Equal(1, lab.Hear(1_003, 3, ("G", "x")));
    }

    [Fact]
    public void A_segment_that_is_gone_from_the_middle_is_said_and_the_others_count()
    {
        using var lab = new CorrelationLab(Load(Count));
        var state = lab.Files.Content(CorrelationLab.StateFile);
        var number = Fill(lab, 0, segments: 3);
        var middle = lab.Segments[1];
        lab.Files.Kill();
        lab.Files.Delete(middle);
        lab.Files.Put(CorrelationLab.StateFile, state);
        lab.Start();

        Assert.InRange(lab.State.Engine.Groups, number / 3, number * 2 / 3 + 1);
        Assert.Contains("bytes of the journal of correlations are damaged or gone", lab.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_power_cut_leaves_the_snapshot_and_no_match_that_never_was()
    {
        var saved = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            using var lab = new CorrelationLab(Load(Count, Values), seed);
            var (heard, before) = (new HashSet<string>(), new HashSet<string>());
            for (var number = 1; number < 40; number++)
            {
                lab.Hear(number, number / 10.0, ("G", $"{random.Next(5)}"), ("V", $"{random.Next(4)}"));
                heard.UnionWith(Held(lab.State.Engine));
                if (random.Next(12) > 0) continue;
                lab.State.Save();
                before = Held(lab.State.Engine);
            }

            lab.Files.CutPower();
            lab.Start();

            var after = Held(lab.State.Engine);
            Assert.Subset(heard, after);
            Assert.Superset(before, after);
            saved += after.Count > before.Count ? 1 : 0;

            // It goes on, and a kill costs nothing of that.
            lab.Said();
            lab.Hear(90, 4, ("G", "z"), ("V", "1"));
            var held = Held(lab.State.Engine);
            lab.Kill();
            Assert.Equal(held.Order(), Held(lab.State.Engine).Order());
        }

        // What was not synced may survive as well.
        Assert.InRange(saved, 20, 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void On_a_full_or_failing_disk_correlations_fire_it_is_said_and_nothing_is_lost_once_there_is_room(bool isFull)
    {
        using var lab = new CorrelationLab(Load(Count));
        lab.Hear(1, 1, ("G", "x"));
        Refuse(lab, isFull, true);
        Assert.Equal(0, lab.Hear(2, 2, ("G", "x")));
        var said = lab.Said();
        Assert.Contains("the journal of correlations takes no more", said, StringComparison.Ordinal);
        Assert.Contains("the groups of correlations cannot be written", said, StringComparison.Ordinal);
        Assert.False(lab.State.IsBehind, "events are held that nothing will let go");
        Assert.DoesNotContain(lab.Files.List("/data"), name => name.EndsWith(".new", StringComparison.Ordinal));

        // It is neither tried nor said for each match; detection goes on.
        var operations = lab.Files.Operations;
        Assert.Equal(0, lab.Hear(3, 3, ("G", "x")));
        Assert.Equal(1, lab.Hear(4, 4, ("G", "x")));
        Assert.Equal((operations, ""), (lab.Files.Operations, lab.Said()));
        lab.Clock.Advance(TimeSpan.FromSeconds(6));
        lab.Hear(5, 20, ("G", "y"));
        Assert.Contains("takes no more", lab.Said(), StringComparison.Ordinal);

        // The tick finds room, without any match in between.
        Refuse(lab, isFull, false);
        lab.State.Save();
        Assert.Equal("", lab.Said());
        lab.Kill();

        // What the device took of a write and did not take back is cut off now.
        if (isFull) Assert.Equal("", lab.Said());
        else Assert.Contains("cut short", lab.Said(), StringComparison.Ordinal);
        Assert.Equal(0, lab.Hear(6, 21, ("G", "y")));
        Assert.Equal(0, lab.Hear(7, 22, ("G", "y")));
        Assert.Equal(1, lab.Hear(8, 23, ("G", "y")));
        Assert.Equal([5, 6, 7, 8], CorrelationRun.NumbersOf(lab.Fired[^1]));
    }

    [Fact]
    public void Groups_that_could_not_be_written_are_written_when_the_actor_stops_though_there_is_no_news()
    {
        using var lab = new CorrelationLab(Load(Count));
        Refuse(lab, isFull: false, true);
        lab.Hear(1, 1, ("G", "x"));
        lab.State.Save();
        Refuse(lab, isFull: false, false);
        lab.State.Save();
        lab.Kill();

        Assert.Equal(1, lab.State.Engine.Groups);
    }

    [Fact]
    public void A_snapshot_whose_name_is_not_durable_is_none()
    {
        using var lab = new CorrelationLab(Load(Count));
        lab.Hear(1, 1, ("G", "x"));
        lab.Files.FailFolderSyncs = true;
        lab.State.Save();
        Assert.Contains("cannot be written", lab.Said(), StringComparison.Ordinal);
        lab.Files.FailFolderSyncs = false;
        lab.State.Save();
        Assert.Equal("", lab.Said());
        lab.Files.CutPower();
        lab.Start();
        Assert.Equal(1, lab.State.Engine.Groups);
    }

    [Fact]
    public void While_the_disk_is_full_a_long_journal_does_not_have_all_groups_written_for_each_match()
    {
        using var lab = new CorrelationLab(Load(Count)) { MaxBytes = 8L << 20 };
        lab.Kill();
        var number = Fill(lab, 0, segments: 1, bytes: 3_600_000);
        lab.Files.FailSyncs = true;
        while (!lab.Said().Contains("cannot be written", StringComparison.Ordinal)) Long(lab, ++number);
        var saves = 0;
        for (var more = 0; more < 20; more++)
        {
            var operations = lab.Files.Operations;
            Long(lab, ++number);
            if (lab.Files.Operations - operations > 2) saves++;
        }

        // The journal may have begun another file meanwhile.
        Assert.InRange(saves, 0, 1);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_costs_its_entries_and_not_the_snapshot()
    {
        using var lab = new CorrelationLab(Load(Count));
        lab.Hear(1, 1, ("G", "x"));
        lab.State.Save();
        lab.Hear(2, 1, ("G", "y"));
        lab.Files.Kill();
        lab.Opened = () => lab.Files.FailReadsOf = lab.Segments[0];
        lab.Start();
        (lab.Files.FailReadsOf, lab.Opened) = (null, null);

        Assert.Contains("the journal of correlations cannot be read", lab.Said(), StringComparison.Ordinal);
        Assert.Equal(1, lab.State.Engine.Groups);
        lab.Kill();
        Assert.Equal((1, ""), (lab.State.Engine.Groups, lab.Said()));
    }

    /// <summary>Some matches, each in a record of its own, behind the snapshot of the start.</summary>
    private static CorrelationLab Written(out List<int> ends)
    {
        var lab = new CorrelationLab(Load(Count, Values));
        ends = [];
        for (var match = 0; match < Matches; match++)
        {
            Tell(lab, lab.State.Engine, match, writes: true);
            ends.Add(lab.Files.Content(lab.Segments[0]).Length);
        }

        Assert.Empty(lab.Fired);
        return lab;
    }

    private static void Tell(CorrelationLab lab, CorrelationEngine engine, int match, bool writes) =>
        lab.Hear(engine, match + 1, match, writes, ("G", match % 2 == 0 ? "even" : "odd"), ("V", $"{match % 4}"));

    private static byte[] Reference(CorrelationLab lab, IEnumerable<int> matches)
    {
        var engine = lab.OfSnapshot();
        foreach (var match in matches) Tell(lab, engine, match, writes: false);
        return engine.Save();
    }

    private static void Again(CorrelationLab lab, byte[] segment, byte[] state)
    {
        lab.Files.Kill();
        foreach (var path in lab.Segments) lab.Files.Delete(path);
        lab.Files.Put(Path.Combine(CorrelationLab.Folder, "0000000000000000.segment"), segment);
        lab.Files.Put(CorrelationLab.StateFile, state);
        lab.Start();
    }

    /// <summary>Groups with long names until the journal has so many segments, or bytes.</summary>
    private static int Fill(CorrelationLab lab, int number, int segments, long bytes = long.MaxValue)
    {
        while (lab.Segments.Count < segments || (bytes != long.MaxValue && lab.Files.Content(lab.Segments[^1]).Length < bytes)) Long(lab, ++number);
        for (var more = 0; segments > 1 && more < 3; more++) Long(lab, ++number);
        return number;
    }

    private static void Long(CorrelationLab lab, int number) => lab.Hear(number, 0, ("G", $"{number}{new string('g', 60_000)}"));

    private static void Refuse(CorrelationLab lab, bool isFull, bool refuses)
    {
        if (isFull) lab.Files.FreeBytes = refuses ? 0 : 1 << 20;
        else (lab.Files.FailWrites, lab.Files.FailTruncates) = (refuses, refuses);
    }

    /// <summary>Which group of which correlation has which matches, in words, from the frozen form of a snapshot.</summary>
    private static HashSet<string> Held(CorrelationEngine engine)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        using var reader = new BinaryReader(new MemoryStream(engine.Save()));
        reader.ReadBytes(20);
        for (var rules = reader.ReadInt32(); rules > 0; rules--)
        {
            var rule = reader.ReadString()[..8];
            for (var groups = reader.ReadInt32(); groups > 0; groups--)
            {
                var key = Convert.ToHexString(reader.ReadBytes(reader.ReadInt32()));
                reader.ReadInt64();
                for (var matches = reader.ReadInt32(); matches > 0; matches--) held.Add($"{rule} {key} {Convert.ToHexString(reader.ReadBytes(36))}");
            }
        }

        return held;
    }
}
