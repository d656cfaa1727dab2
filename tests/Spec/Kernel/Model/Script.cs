using Picket.Actors;

namespace Picket.Spec.Kernel.Model;

/// <summary>A random play for a tree of actors, printed so that it can be read and made smaller so that it must be.</summary>
internal sealed record Script(Plan Guardian, Act[] Acts, int Seed)
{
    private const int Deepest = 3;
    private const int Most = 12;

    public static Script Of(int seed)
    {
        var random = new Random(seed);
        var acts = new List<Act>();
        var actors = 0;
        for (var i = random.Next(1, 3); i > 0; i--) acts.Add(new Act.Top(PlanOf(random, $"t{random.Next(2)}", 1, ref actors)));
        for (var i = random.Next(3, 12); i > 0; i--) acts.Add(ActOf(random, ref actors));
        var none = Most;
        var guardian = PlanOf(random, "", Deepest, ref none);
        return new Script(guardian with { ByKind = [.. guardian.ByKind.Select(d => d == Directive.Escalate ? Directive.Stop : d)] }, [.. acts], seed);
    }

    /// <summary>The same with one thing less.</summary>
    public IEnumerable<Script> Smaller()
    {
        for (var i = 0; i < Acts.Length; i++) yield return this with { Acts = [.. Acts[..i], .. Acts[(i + 1)..]] };
        for (var i = 0; i < Acts.Length; i++)
        {
            foreach (var smaller in Smaller(Acts[i])) yield return this with { Acts = [.. Acts[..i], smaller, .. Acts[(i + 1)..]] };
        }
    }

    public override string ToString() =>
        $"order of turns {Seed}, guardian {Guardian}\n{string.Join("\n", Acts.Select((act, i) => $"{i + 1,3}. {act}"))}\n";

    private static IEnumerable<Act> Smaller(Act act)
    {
        switch (act)
        {
            case Act.Tell { Orders.Length: > 1 } tell:
                for (var i = 0; i < tell.Orders.Length; i++) yield return tell with { Orders = [.. tell.Orders[..i], .. tell.Orders[(i + 1)..]] };
                break;
            case Act.Tell { Orders: [Order.Bear bear] } tell:
                foreach (var plan in Smaller(bear.Plan)) yield return tell with { Orders = [new Order.Bear(plan)] };
                break;
            case Act.Top top:
                foreach (var plan in Smaller(top.Plan)) yield return new Act.Top(plan);
                break;
        }
    }

    private static IEnumerable<Plan> Smaller(Plan plan)
    {
        for (var i = 0; i < plan.Nursery.Length; i++)
        {
            yield return plan with { Nursery = [.. plan.Nursery[..i], .. plan.Nursery[(i + 1)..]] };
            foreach (var inner in Smaller(plan.Nursery[i]))
                yield return plan with { Nursery = [.. plan.Nursery[..i], inner, .. plan.Nursery[(i + 1)..]] };
        }

        if (plan.AllForOne) yield return plan with { AllForOne = false };
        if (plan.Retries >= 0 || plan.Window > 0) yield return plan with { Retries = -1, Window = 0 };
        if (plan.KeepsChildren) yield return plan with { KeepsChildren = false };
    }

    private static Plan PlanOf(Random random, string name, int depth, ref int actors)
    {
        actors++;
        var byKind = new Directive[Cause.Count];
        for (var i = 0; i < byKind.Length; i++) byKind[i] = (Directive)random.Next(4);
        var keeps = random.Next(4) == 0;
        var nursery = new List<Plan>();
        for (var i = 0; !keeps && depth < Deepest && actors < Most && i < 3; i++)
        {
            if (random.Next(2) == 0) nursery.Add(PlanOf(random, $"n{i}", depth + 1, ref actors));
        }

        return new Plan(
            name, random.Next(3) == 0, random.Next(3) == 0 ? random.Next(4) : -1, random.Next(3) == 0 ? random.Next(1, 10) : 0, byKind, keeps,
            [.. nursery]);
    }

    private static Act ActOf(Random random, ref int actors)
    {
        var actor = random.Next(100);
        switch (random.Next(20))
        {
            case 0 or 1 when actors < Most:
                return new Act.Tell(actor, [new Order.Bear(PlanOf(random, $"c{random.Next(3)}", 2, ref actors))]);
            case 2 or 3:
                return new Act.Tell(actor, [new Order.Watch(random.Next(100), random.Next(3) == 0)]);
            case 4:
                return new Act.Tell(actor, [new Order.Unwatch(random.Next(100))]);
            case 5:
                return new Act.Tell(actor, [new Order.StopChild(random.Next(10))]);
            case 6:
                return new Act.Stop(actor);
            case 7 or 8 or 9 or 10:
                return new Act.Arm(actor, (Hook)random.Next(5), random.Next(Trouble.Kinds), random.Next(2), random.Next(1, 4));
            case 11 or 12:
                return new Act.Advance(random.Next(1, 8));
            default:
                var orders = new Order[random.Next(1, 5)];
                for (var i = 0; i < orders.Length; i++) orders[i] = SimpleOf(random, i);
                return new Act.Tell(actor, orders);
        }
    }

    private static Order SimpleOf(Random random, int number) => random.Next(12) switch
    {
        < 6 => new Order.Throw(random.Next(Trouble.Kinds)),
        6 => new Order.Die(),
        7 => random.Next(2) == 0 ? new Order.Poison() : new Order.Leave(),
        _ => new Order.Note(number),
    };
}
