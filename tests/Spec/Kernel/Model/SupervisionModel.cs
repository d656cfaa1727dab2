using Picket.Actors;

namespace Picket.Spec.Kernel.Model;

/// <summary>
/// Supervision as Akka.NET defines it, said once more in plain calls: a failure is a method that asks the parent, a restart a method that stops
/// the children and makes an instance. Where two actors act at the same time and the outcome depends on who is first, the model says
/// <see cref="Ambiguous"/> and knows no more.
/// </summary>
internal sealed class SupervisionModel
{
    private readonly ModelActor _top;
    private readonly List<ModelActor> _all = [];
    private readonly Queue<(ModelActor Child, int Cause)> _failures = [];

    /// <summary>Restarted by the present step with children to wait for.</summary>
    private readonly HashSet<ModelActor> _underWay = [];

    /// <summary>Told in the present step of somebody's end.</summary>
    private readonly HashSet<ModelActor> _told = [];

    /// <summary>Ended in the present step.</summary>
    private readonly HashSet<ModelActor> _ended = [];

    private Trap? _trap;
    private int _now;

    public SupervisionModel(Plan guardian) => _top = new ModelActor("", guardian, null) { HasInstance = true };

    public Trace Trace { get; } = new();

    public bool Ambiguous { get; private set; }

    public int Failures { get; private set; }

    public IReadOnlyList<string> All => [.. _all.Select(actor => actor.Id)];

    public IReadOnlyList<string> Living => [.. _all.Where(actor => actor.Alive).Select(actor => actor.Id)];

    public void Do(Act act)
    {
        _underWay.Clear();
        _told.Clear();
        _ended.Clear();
        switch (act)
        {
            case Act.Top top:
                Bear(_top, top.Plan);
                break;
            case Act.Tell tell when At(tell.Actor) is { } actor:
                foreach (var order in tell.Orders) actor.Mail.Enqueue(order);
                break;
            case Act.Stop stop when At(stop.Actor) is { } actor:
                Stop([actor]);
                break;
            case Act.Arm arm when At(arm.Actor) is { } actor:
                _trap = new Trap(actor.Id, arm.Hook, arm.Kind, arm.After, arm.Times);
                break;
            case Act.Advance advance:
                _now += advance.Seconds;
                break;
        }

        Settle();
    }

    private ModelActor? At(int number)
    {
        var living = _all.Where(actor => actor.Alive).ToList();
        return living.Count == 0 ? null : living[number % living.Count];
    }

    private void Settle()
    {
        while (true)
        {
            var next = _all.Find(static actor => actor.Alive && actor.Suspended == 0 && actor.Mail.Count > 0);
            if (_failures.TryDequeue(out var failure))
            {
                // Whether that one comes to its mail before the answer to the failure reaches it, nobody can say.
                if (next is not null) Ambiguous = true;
                Answer(failure.Child, failure.Cause);
            }
            else if (next is not null)
            {
                Handle(next, next.Mail.Dequeue());
            }
            else
            {
                return;
            }
        }
    }

    private void Handle(ModelActor actor, object message)
    {
        switch (message)
        {
            case Order.Note note:
                Trace.Say(actor.Id, $"{actor.Instance} {note}");
                break;
            case Order.Throw thrown:
                Fail(actor, thrown.Kind);
                break;
            case Order.Die:
                Fail(actor, Cause.Killed);
                break;
            case Order.Poison or Order.Leave:
                Stop([actor]);
                break;
            case Order.StopChild stop when actor.Children.Count > 0:
                Stop([actor.Children[stop.Child % actor.Children.Count]]);
                break;
            case Order.Bear bear when actor.Children.TrueForAll(child => child.Plan.Name != bear.Plan.Name):
                Bear(actor, bear.Plan);
                break;
            case Order.Watch watch when _all[watch.Actor % _all.Count] is var subject && subject != actor:
                actor.Watch(subject, watch.Pact);
                break;
            case Order.Unwatch unwatch:
                actor.Unwatch(_all[unwatch.Actor % _all.Count]);
                break;
            case ModelActor ended when actor.Told.Remove(ended):
                _told.Add(actor);
                Trace.SayApart(actor.Id, $"told of {ended.Id}");
                if (actor.Pacts.Contains(ended)) Fail(actor, Cause.Pact);
                break;
        }
    }

    private void Bear(ModelActor parent, Plan plan)
    {
        var number = parent.Born[plan.Name] = parent.Born.GetValueOrDefault(plan.Name) + 1;
        var child = new ModelActor($"{parent.Id}/{plan.Name}{number}", plan, parent) { Suspended = parent.Suspended };
        parent.Children.Add(child);
        _all.Add(child);
        Make(child, null, []);
    }

    /// <summary>Makes an instance: the first or, with a cause, the one after a failure.</summary>
    private void Make(ModelActor actor, int? cause, ModelActor[] suspended)
    {
        actor.HasInstance = false;
        try
        {
            actor.Instance++;
            Run(actor, Hook.Constructor, "");
            actor.HasInstance = true;
            if (cause is { } why) Run(actor, Hook.PostRestart, $"({Cause.NameOf(why)})");
            PreStart(actor);
            actor.RestartFailed = false;
        }
        catch (Exception e) when (e is Trouble or InvalidActorNameException)
        {
            actor.RestartFailed = cause is not null;
            actor.RestartCause = cause ?? 0;
            if (cause is null) actor.HasInstance = false;
            Fail(actor, Cause.CreationFailed, null, suspended);
        }
    }

    private void PreStart(ModelActor actor)
    {
        Trace.Say(actor.Id, $"{actor.Instance} PreStart");
        foreach (var plan in actor.Plan.Nursery)
        {
            if (actor.Children.Exists(child => child.Plan.Name == plan.Name)) throw new InvalidActorNameException(plan.Name);
            Bear(actor, plan);
        }

        _trap?.Spring(actor.Id, Hook.PreStart);
    }

    private void Run(ModelActor actor, Hook hook, string detail)
    {
        Trace.Say(actor.Id, $"{actor.Instance} {hook}{detail}");
        _trap?.Spring(actor.Id, hook);
    }

    private void Fail(ModelActor actor, int cause, ModelActor? perpetrator = null, ModelActor[]? suspended = null)
    {
        if (actor.Failed) return;
        Failures++;
        if (_failures.Count > 0 || _underWay.Any(other => other != actor && !actor.IsBelow(other))) Ambiguous = true;
        if (_told.Any(other => other != actor)) Ambiguous = true;
        if (_all.Any(other => other != actor && other.Alive && other.Suspended == 0 && other.Mail.Count > 0)) Ambiguous = true;
        actor.Failed = true;
        actor.Perpetrator = perpetrator;
        actor.Suspended++;
        foreach (var child in actor.Children)
        {
            if (child != perpetrator && suspended?.Contains(child) != true) child.Suspend();
        }

        _failures.Enqueue((actor, cause));
    }

    private void Answer(ModelActor child, int cause)
    {
        var parent = child.Parent!;
        if (!child.Alive) return;
        if (parent.Suspended > 0)
        {
            parent.Waiting.Add((child, cause));
            return;
        }

        var group = parent.Plan.AllForOne ? parent.Children.ToArray() : [child];
        switch (parent.Plan.ByKind[cause])
        {
            case Directive.Resume:
                Resume(child, cause);
                break;
            case Directive.Restart when group.All(one => one.MayRestart(_now)):
                foreach (var one in group)
                {
                    if (one != child) Suspend(one);
                    Restart(one, cause);
                }

                break;
            case Directive.Restart or Directive.Stop:
                Stop(group);
                break;
            case Directive.Escalate:
                Fail(parent, cause, child);
                break;
        }
    }

    private void Suspend(ModelActor sibling)
    {
        // It hears of the failure on a way of its own: whether it comes to its mail before, or one below it does, nobody can say.
        if (_all.Any(other => (other == sibling || other.IsBelow(sibling)) && other.Alive && other.Suspended == 0 && other.Mail.Count > 0))
            Ambiguous = true;
        sibling.Suspend();
    }

    private void Unsuspend(ModelActor actor)
    {
        if (actor.Suspended > 0) actor.Suspended--;
        if (actor.Suspended > 0) return;
        foreach (var waiting in actor.Waiting) _failures.Enqueue(waiting);
        actor.Waiting.Clear();
    }

    /// <param name="actor">Who goes on.</param>
    /// <param name="cause">Its own failure that is forgiven; null when it was suspended only because those above it were.</param>
    private void Resume(ModelActor actor, int? cause)
    {
        if (!actor.HasInstance)
        {
            MakeAgain(actor, actor.RestartFailed ? cause ?? actor.RestartCause : null);
            return;
        }

        if (actor.RestartFailed && cause is { } failed)
        {
            Restart(actor, failed);
            return;
        }

        var perpetrator = actor.Perpetrator;
        if (cause is not null) (actor.Failed, actor.Perpetrator) = (false, null);
        Unsuspend(actor);
        foreach (var child in actor.Children.ToArray()) Resume(child, child == perpetrator ? cause : null);
    }

    private void Restart(ModelActor actor, int cause)
    {
        if (!actor.HasInstance)
        {
            MakeAgain(actor, actor.RestartFailed ? cause : null);
            return;
        }

        try
        {
            Run(actor, Hook.PreRestart, $"({Cause.NameOf(cause)})");
            if (!actor.Plan.KeepsChildren)
            {
                StopChildren(actor, unwatch: true);
                Run(actor, Hook.PostStop, "");
            }
        }
        catch (Trouble)
        {
            // Best effort: the restart goes on.
        }

        Renew(actor, cause);
    }

    private void MakeAgain(ModelActor actor, int? cause)
    {
        StopChildren(actor, unwatch: false);
        Renew(actor, cause);
    }

    private void StopChildren(ModelActor actor, bool unwatch)
    {
        if (actor.Children.Count > 0)
        {
            if (_failures.Count > 0) Ambiguous = true;
            _underWay.Add(actor);
        }

        if (unwatch)
        {
            // A child that ended just now may end only after this, and then nobody hears of it.
            if (actor.Told.Any(ended => ended.Parent == actor && _ended.Contains(ended))) Ambiguous = true;
            foreach (var child in actor.Children) actor.Unwatch(child);
        }

        Stop([.. actor.Children]);
    }

    private void Renew(ModelActor actor, int? cause)
    {
        var survivors = actor.Children.ToArray();
        (actor.Failed, actor.Perpetrator) = (false, null);
        Unsuspend(actor);
        Make(actor, cause, survivors);
        if (actor.Failed) return;
        foreach (var child in survivors) Restart(child, cause!.Value);
    }

    /// <summary>Stops some at once.</summary>
    private void Stop(ModelActor[] group)
    {
        foreach (var one in group) one.Leaving = true;
        foreach (var one in _all.Where(one => group.Contains(one) || group.Any(one.IsBelow))) one.LeavingWith ??= group;
        foreach (var one in group) Stop(one);
    }

    private void Stop(ModelActor actor)
    {
        if (_underWay.Any(other => other.IsBelow(actor)) || _told.Any(other => other == actor || other.IsBelow(actor))) Ambiguous = true;
        if (actor.Suspended == 0 && actor.Mail.Any(message => message is ModelActor)) Ambiguous = true;
        foreach (var child in actor.Children.ToArray()) Stop(child);
        if (actor.HasInstance)
        {
            try
            {
                Run(actor, Hook.PostStop, "");
            }
            catch (Trouble)
            {
                // Nobody is left to be told.
            }
        }

        actor.Alive = false;
        actor.Parent!.Children.Remove(actor);
        foreach (var left in actor.Mail.OfType<Order>()) Trace.SayApart(actor.Id, $"dead {left}");
        actor.Mail.Clear();
        _ended.Add(actor);
        foreach (var watcher in _all.Where(other => (other.Alive || _ended.Contains(other)) && other.Watching.Contains(actor)).ToList())
        {
            // Who waits for this end, or was told to stop in the same turn, is told of none; another that is about to end may still be.
            if (watcher.LeavingWith is { } group)
            {
                if (actor.IsBelow(watcher) || (watcher.Leaving && group == actor.LeavingWith)) continue;
                Ambiguous = true;
            }

            if (watcher.Alive) watcher.HearOfTheEndOf(actor);
        }
    }
}
