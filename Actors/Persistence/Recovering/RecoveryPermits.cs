namespace Picket.Actors.Persistence.Recovering;

/// <summary>Bounds the recoveries at the same time, so that starting many actors does not flood the stores. Any thread may use it.
/// </summary>
internal sealed class RecoveryPermits(int max)
{
    private readonly Lock _sync = new();
    private readonly LinkedList<RecoveryRun> _waiting = [];
    private readonly HashSet<RecoveryRun> _granted = [];

    /// <summary>Asks for a permit.</summary>
    /// <returns>True when it is granted at once; else <see cref="PermitGranted"/> comes later.</returns>
    public bool Request(RecoveryRun run)
    {
        lock (_sync)
        {
            if (_granted.Count < max) return _granted.Add(run);
            _waiting.AddLast(run);
            return false;
        }
    }

    /// <summary>Gives a permit back, or no longer asks for one. More than once does nothing.</summary>
    public void Return(RecoveryRun run)
    {
        RecoveryRun? next = null;
        lock (_sync)
        {
            if (!_granted.Remove(run))
            {
                _waiting.Remove(run);
                return;
            }

            if (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                next = first.Value;
                _granted.Add(next);
            }
        }

        next?.Actor.Owe(new PermitGranted(next));
    }
}
