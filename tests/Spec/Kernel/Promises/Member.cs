using Picket.Actors;

namespace Picket.Spec.Kernel.Promises;

/// <summary>The actor under test: does as told and notes everything in its ledger.</summary>
internal sealed class Member : ReceiveActor, IWithUnboundedStash, IWithTimers
{
    private readonly Ledger _ledger;
    private readonly int _instance;
    private int _behaviours;
    private int _timers;

    public Member(Ledger ledger)
    {
        _ledger = ledger;
        _instance = ledger.Made();
        using var inside = ledger.Enter(_instance, "the constructor");
        if (ledger.FailNextMaking)
        {
            ledger.FailNextMaking = false;
            throw new InvalidOperationException("making");
        }

        Behave(0)();
    }

    public IStash Stash { get; set; } = null!;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        using var inside = _ledger.Enter(_instance, "PreStart");
        _ledger.Started();
        _ledger.RestartBegins(false);
    }

    protected override void PostStop()
    {
        using (_ledger.Enter(_instance, "PostStop")) _ledger.Stopped(_instance);
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        using (_ledger.Enter(_instance, "PreRestart")) _ledger.Restarting();
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        using (_ledger.Enter(_instance, "PostRestart"))
        {
            _ledger.Restarted();
            _ledger.RestartBegins(true);
            if (_ledger.FailNextPostRestart)
            {
                _ledger.FailNextPostRestart = false;
                throw new InvalidOperationException("restarting");
            }
        }

        base.PostRestart(reason);
    }

    private Action Behave(int number) => () =>
    {
        ReceiveAsync<Told>(
            async told =>
            {
                Enter(number, told).Dispose();
                await Task.Yield();
                using (Enter(number, told)) Finish(told);
                if (told.Deed == Deed.RestartLater) throw new InvalidOperationException("later");
            },
            told => told.Deed is Deed.Await or Deed.RestartLater);
        Receive<Told>(told =>
        {
            using (Enter(number, told)) Do(told);
        });
        Receive<Due>(due =>
        {
            using (Enter(number, due))
            {
                if (due.Instance != _instance) _ledger.Break($"a timer of instance {due.Instance} came to instance {_instance}");
                if (due.Number != _timers) _ledger.Break($"timer {due.Number} came after timer {_timers} was started");
            }
        });
    };

    private Ledger.Inside Enter(int behaviour, object what)
    {
        _ledger.Handles();
        if (behaviour != _behaviours) _ledger.Break($"{what} came to behaviour {behaviour} in place of {_behaviours}");
        return _ledger.Enter(_instance, $"the handling of {what}");
    }

    private void Finish(Told told)
    {
        _ledger.InOrder(told);
        told.End();
    }

    private void Do(Told told)
    {
        if (told is { Deed: Deed.Stash, Stashed: false })
        {
            told.Stashed = true;
            Stash.Stash();
            return;
        }

        Finish(told);
        switch (told.Deed)
        {
            case Deed.Unstash:
                Stash.UnstashAll();
                break;
            case Deed.Restart:
                throw new InvalidOperationException("at once");
            case Deed.Resume:
                throw new FormatException("resume");
            case Deed.FailMaking:
                _ledger.FailNextMaking = true;
                throw new InvalidOperationException("and making");
            case Deed.FailPostRestart:
                _ledger.FailNextPostRestart = true;
                throw new InvalidOperationException("and restarting");
            case Deed.Become:
                _behaviours = 1;
                Become(Behave(1));
                break;
            case Deed.Stack when _behaviours == 0:
                _behaviours = 2;
                BecomeStacked(Behave(2));
                break;
            case Deed.Unstack when _behaviours == 2:
                _behaviours = 0;
                UnbecomeStacked();
                break;
            case Deed.Timer:
                Timers.StartSingleTimer("t", new Due(_instance, ++_timers), TimeSpan.Zero);
                break;
        }
    }

    private sealed record Due(int Instance, int Number);
}
