using System.Collections.Concurrent;

namespace Picket.Spec.Kernel.Promises;

/// <summary>What one ref lived through, over all of its instances. Its hooks and handlers call it; the first broken promise is kept.</summary>
internal sealed class Ledger(ConcurrentQueue<string> broken, string name)
{
    private readonly int[] _lastTold = Enumerable.Repeat(-1, World.Threads).ToArray();
    private readonly int[] _lastStashed = Enumerable.Repeat(-1, World.Threads).ToArray();
    private string _last = "nothing";
    private int _inside;
    private int _instances;
    private int _ended;
    private bool _halfRestarted;

    public bool FailNextMaking { get; set; }

    public bool FailNextPostRestart { get; set; }

    public int Instances => Volatile.Read(ref _instances);

    /// <summary>Enters a piece of the actor's code; the end of it disposes.</summary>
    public Inside Enter(int instance, string what)
    {
        if (Interlocked.Increment(ref _inside) != 1) Break($"{what} of instance {instance} while other code of the actor runs");
        if (instance != _instances) Break($"{what} of instance {instance} after instance {_instances} was made");
        if (instance == _ended) Break($"{what} of instance {instance} after its PostStop");
        return new Inside(this);
    }

    public int Made()
    {
        Follows("the constructor", "nothing", "PreRestart", "PostStop", "the constructor");
        return ++_instances;
    }

    public void Started() => Follows("PreStart", _halfRestarted ? ["PostRestart"] : ["the constructor"]);

    public void Restarting() => Follows("PreRestart", "PreStart", "PostRestart");

    public void Restarted() => Follows("PostRestart", "the constructor");

    public void RestartBegins(bool ends) => _halfRestarted = ends;

    public void Stopped(int instance)
    {
        Follows("PostStop", "PreStart", "PreRestart", "PostRestart");
        _ended = instance;
    }

    /// <summary>A handler runs: only an instance that was started has any.</summary>
    public void Handles()
    {
        if (_last != "PreStart") Break($"a handler after {_last}");
    }

    public void InOrder(Told told)
    {
        var last = told.Stashed ? _lastStashed : _lastTold;
        if (told.Number <= last[told.Sender]) Break($"{told} after {last[told.Sender]}");
        last[told.Sender] = told.Number;
    }

    public void Break(string what) => broken.Enqueue($"{name}: {what}");

    private void Follows(string hook, params string[] before)
    {
        if (!before.Contains(_last)) Break($"{hook} after {_last}");
        _last = hook;
    }

    internal readonly struct Inside(Ledger ledger) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref ledger._inside);
    }
}
