using FsCheck;
using FsCheck.Fluent;

namespace Picket.Spec.Kernel.Promises;

/// <summary>
/// Random programs of several threads against a few actors. Whatever the interleaving: order per sender holds; each message is handled
/// once or ends in dead letters, and never both; each watch ends in one Terminated; hooks come in their order; nothing of an instance
/// runs after its PostStop, nothing of two at once; a timer dies with its instance; a behaviour too.
/// </summary>
public sealed class PromisesSpec
{
    private const int Cases = 1_000;
    private const int LongCases = 50_000;

    [Fact]
    public void Promises_hold_for_random_programs()
    {
        var cases = Environment.GetEnvironmentVariable("PICKET_LONG") == "1" ? LongCases : Cases;
        var programs = Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(Programs.Of), programs => programs.Smaller());
        Prop.ForAll(programs, played =>
        {
            if (played.FirstBroken() is { } broken) throw new InvalidOperationException(broken);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));
    }
}
