using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Events;
using static Picket.Spec.Context.Family;

namespace Picket.Spec.Context;

/// <summary>What is kept of the dead, against a model that looks at all processes each time, and what a successor makes of it.</summary>
public sealed class AncestrySelectionTests
{
    private const int Init = 1;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_dead_that_the_living_descend_from_are_kept_and_a_successor_shows_every_chain_as_before(int seed)
    {
        var random = new Random(seed);
        var family = new Family();
        var parents = new Dictionary<int, int> { [Init] = 0 };
        var images = new Dictionary<int, string> { [Init] = "/init" };
        var forkedBy = new Dictionary<int, string>();
        var alive = new List<int> { Init };
        var state = new AncestryState("boot");
        var restored = new AncestryState("boot");
        family.List((Init, 0, "/init"));
        for (var step = 0; step < 300; step++)
        {
            var one = alive[random.Next(alive.Count)];
            switch (random.Next(5))
            {
                case 0 or 1:
                    var child = parents.Count + 1;
                    family.Fork(child, one);
                    parents[child] = one;
                    forkedBy[child] = images[child] = images[one];
                    alive.Add(child);
                    break;
                case 2:
                    // The kernel names the parent that it has now, as getppid does.
                    family.Execute(one, alive.Contains(parents[one]) ? parents[one] : Init, images[one] = $"/program/{step}");
                    break;
                default:
                    if (one == Init) break;
                    family.Exit(one);
                    alive.Remove(one);
                    break;
            }

            if (step < 299 && random.Next(3) > 0) continue;
            var wanted = family.Select();
            Assert.Equal(Expected(parents, alive), wanted.Ancestors.Keys.Select(id => id.Key.Pid).Distinct().Order());
            Assert.Equal(alive.Where(pid => parents[pid] != 0 && !alive.Contains(parents[pid])).Order(), wanted.Links.Keys.Select(key => key.Pid).Order());
            if (state.Compare(wanted) is { } change)
            {
                Assert.True(state.Apply(change));
                Assert.True(restored.Apply(AncestryForm.ReadChange(AncestryForm.Write(change))));
            }

            Assert.Null(state.Compare(wanted));
        }

        var snapshot = AncestryForm.ReadSnapshot(AncestryForm.Write(restored.ToSnapshot()));
        foreach (var late in (bool[])[false, true])
        {
            var next = new Family();
            if (!late) next.Table.Adopt(snapshot.Ancestors, snapshot.Links);

            // Pids wrap: the list may have a child before its parent.
            var list = alive.Select(pid => (pid, alive.Contains(parents[pid]) || pid == Init ? parents[pid] : Init, images[pid])).ToArray();
            random.Shuffle(list);
            next.List(list);
            if (late) next.Table.Adopt(snapshot.Ancestors, snapshot.Links);
            foreach (var pid in alive) Assert.Equal(Chain(pid), Shown(next, pid));
            Assert.Null(state.Compare(next.Select()));
        }

        // The dead with the program that they had at the fork, the living by who they are.
        List<string> Chain(int pid)
        {
            var chain = new List<string>();
            for (var child = pid; parents[child] != 0; child = parents[child])
                chain.Add(alive.Contains(parents[child]) ? $"{parents[child]}" : $"{parents[child]} {forkedBy[child]}");
            return chain;
        }

        List<string> Shown(Family next, int pid) => [.. next.Above(pid).Select(above =>
            alive.Contains(above.Key.Pid) ? $"{above.Key.Pid}" : $"{above.Key.Pid} {Text(above.Program.Executable)}")];
    }

    [Fact]
    public void No_more_generations_are_kept_than_an_alert_shows()
    {
        var family = new Family();
        family.List((Init, 0, "/init"));
        family.Fork(2, Init);
        for (var pid = 3; pid <= 40; pid++)
        {
            family.Fork(pid, pid - 1);
            family.Exit(pid - 1);
        }

        Assert.Equal(Enumerable.Range(40 - ProcessContext.MaxAncestors, ProcessContext.MaxAncestors), family.Select().Ancestors.Keys.Select(id => id.Key.Pid).Order());
    }

    [Fact]
    public void Beyond_the_bounds_parents_come_before_grandparents_and_what_is_kept_stays()
    {
        var family = new Family();
        family.List((Init, 0, "/init"));
        for (var root = 10; root <= 50; root += 10)
        {
            family.Execute(root, Init, "/grandparent");
            family.Execute(root + 1, root, "/parent");
            family.Fork(root + 2, root + 1);
            family.Exit(root);
            family.Exit(root + 1);
        }

        Assert.Equal([11, 21, 31], Kept(new AncestryOptions(TimeSpan.FromSeconds(1), 3, 1L << 30, 4)));
        Assert.Equal([10, 11, 20, 21, 31, 41, 51], Kept(new AncestryOptions(TimeSpan.FromSeconds(1), 7, 1L << 30, 4)));
        Assert.InRange(Kept(new AncestryOptions(TimeSpan.FromSeconds(1), 1000, 4 * 600, 4)).Count(), 3, 4);
        family.Fork(60, Init);
        family.Fork(61, 60);
        family.Exit(60);
        Assert.Equal([11, 21, 31], Kept(new AncestryOptions(TimeSpan.FromSeconds(1), 3, 1L << 30, 4)));

        IEnumerable<int> Kept(AncestryOptions options) => family.Select(options).Ancestors.Keys.Select(id => id.Key.Pid).Order();
    }

    [Fact]
    public void Another_process_with_a_reused_pid_gets_no_ancestors_of_the_first()
    {
        var family = new Family();
        family.List((Init, 0, "/init"));
        family.Execute(20, Init, "/parent");
        family.Fork(21, 20);
        family.Exit(20);
        var kept = family.Select().ToSnapshot();

        var next = new Family();
        next.Table.Adopt(kept.Ancestors, kept.Links);
        next.Table.BeginSweep();
        next.Apply(EventKind.ProcessSnapshot, KeyOf(Init), 0, "/init");
        var reused = next.Apply(EventKind.ProcessSnapshot, new ProcessKey(5_000, 21), Init, "/other");
        next.Table.EndSweep(10_000);
        Assert.Equal("/init", Text(reused.Find(Fields.ParentImage).Text));
        Assert.Empty(next.Select().Ancestors);
    }

    [Fact]
    public void Nothing_is_dropped_before_the_kernels_list_has_said_who_lives()
    {
        var family = new Family();
        Assert.Equal(0, family.Table.Version);
        family.Fork(20, Init);
        family.Exit(20);
        Assert.Equal(0, family.Table.Version);
        family.List((Init, 0, "/init"));
        var listed = family.Table.Version;
        family.Fork(30, Init);
        Assert.Equal(listed, family.Table.Version);
        family.Exit(30);
        Assert.True(family.Table.Version > listed && listed > 0);
    }

    private static SortedSet<int> Expected(Dictionary<int, int> parents, List<int> alive)
    {
        var kept = new SortedSet<int>();
        foreach (var pid in alive)
        {
            var depth = 0;
            for (var at = parents[pid]; at != 0 && !alive.Contains(at) && depth < ProcessContext.MaxAncestors; at = parents[at], depth++) kept.Add(at);
        }

        return kept;
    }
}
