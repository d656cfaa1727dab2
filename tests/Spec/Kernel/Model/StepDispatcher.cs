using Picket.Actors.Dispatch;

namespace Picket.Spec.Kernel.Model;

/// <summary>Runs actors on the thread of the test, one turn after the other, in an order that a seed decides. When
/// <see cref="Run"/> returns, nothing is left to do.</summary>
internal sealed class StepDispatcher(int throughput, int seed) : MessageDispatcher(throughput)
{
    private const int TooMany = 100_000;

    private readonly List<Mailbox> _due = [];
    private readonly Random _order = new(seed);

    public override void Schedule(Mailbox mailbox) => _due.Add(mailbox);

    public void Run()
    {
        var thread = TurnThread.Current ?? new TurnThread();
        thread.Enter();
        for (var turns = 0; _due.Count > 0; turns++)
        {
            if (turns == TooMany) throw new InvalidOperationException($"the actors do not come to rest within {TooMany} turns");
            var at = _order.Next(_due.Count);
            var mailbox = _due[at];
            _due[at] = _due[^1];
            _due.RemoveAt(_due.Count - 1);
            if (mailbox.Execute(thread)) Schedule(mailbox);
        }

        thread.Cell = null;
    }
}
