using FsCheck;
using FsCheck.Fluent;

namespace Picket.Spec.Kernel.Model;

/// <summary>The kernel and the slow model play the same random scripts and must be seen to do the same.</summary>
public sealed class SupervisionModelSpec
{
    private const int Cases = 4_000;
    private const int LongCases = 200_000;

    [Fact]
    public void The_kernel_supervises_as_the_model_says()
    {
        var cases = Environment.GetEnvironmentVariable("PICKET_LONG") == "1" ? LongCases : Cases;
        var played = 0;
        var ambiguous = 0;
        var failures = 0;
        var scripts = Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(Script.Of), script => script.Smaller());
        Prop.ForAll(scripts, script =>
        {
            var model = Play(script);
            played++;
            failures += model.Failures;
            if (model.Ambiguous) ambiguous++;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

        // A generator that stopped to make trouble, or a model that gave up on most of it, would prove nothing.
        Assert.True(ambiguous * 3 < played, $"{ambiguous} of {played} scripts were ambiguous");
        Assert.True(failures > played, $"{played} scripts made {failures} failures");
        TestContext.Current.TestOutputHelper?.WriteLine($"{played} scripts, {failures} failures, {ambiguous} ambiguous at some step");
    }

    private static SupervisionModel Play(Script script)
    {
        var model = new SupervisionModel(script.Guardian);
        using var troupe = new Troupe(script.Guardian, script.Seed);
        var step = 0;
        foreach (var act in script.Acts)
        {
            step++;
            if (!Agree(act)) return model;
        }

        // Whoever lives must answer, and the end must be everybody's end.
        for (var i = model.Living.Count - 1; i >= 0; i--)
        {
            if (!Agree(new Act.Tell(i, [new Order.Note(99)]))) return model;
        }

        while (model.Living.Count > 0)
        {
            if (!Agree(new Act.Stop(0))) return model;
        }

        return model;

        bool Agree(Act act)
        {
            var (living, all) = (model.Living, model.All);
            model.Do(act);
            troupe.Do(act, living, all);
            if (model.Ambiguous) return false;
            var (expected, actual) = (model.Trace.ToString(), troupe.Trace.ToString());
            if (expected != actual) throw new InvalidOperationException($"after step {step} ({act}) the model says\n{expected}\nand the kernel did\n{actual}");
            return true;
        }
    }
}
