using Picket.Actors;
using Picket.Actors.Persistence;

namespace Picket.Spec.Persistence;

/// <summary>ReceivePersistentActor as its users write it, with handlers that are tasks.</summary>
public sealed class CommandAsyncSpec : PersistenceSpec
{
    [Fact]
    public void An_account_keeps_its_balance_over_restarts()
    {
        var probe = NewProbe();
        var account = Spawn(() => new Account());
        account.Tell(new Deposit(10), probe.Ref);
        probe.Expect(10);
        account.Tell(new Withdraw(4), probe.Ref);
        probe.Expect(6);
        account.Tell(new Withdraw(7), probe.Ref);
        probe.Expect("too little");
        account.Tell(new Close(), probe.Ref);
        account.Tell(new Deposit(1), probe.Ref);
        probe.Expect("closed");
        account.Tell(new InvalidOperationException("boom"), probe.Ref);
        account.Tell("balance", probe.Ref);
        probe.Expect(6);
        Assert.Equal([new Moved(10), new Moved(-4), "snapshot taken at 2"], Journal.Stored("account"));
    }

    [Fact]
    public void A_task_keeps_sender_and_context_and_the_next_command_waits_for_what_it_persists()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Slow());
        foreach (var i in Enumerable.Range(1, 20)) actor.Tell(i, probe.Ref);
        foreach (var i in Enumerable.Range(1, 20))
        {
            probe.Expect($"begin {i}");
            probe.Expect($"middle {i}");
            probe.Expect($"persisted {i} of {actor.Path.Name}");
        }

        Assert.Equal(Enumerable.Range(1, 20).Cast<object>(), Journal.Stored("slow"));
    }

    [Fact]
    public void What_a_task_persisted_before_it_failed_is_written_and_replayed()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Slow());
        actor.Tell(-1, probe.Ref);
        actor.Tell("count", probe.Ref);
        probe.Expect("begin -1");
        probe.Expect("middle -1");
        probe.Expect(1);
    }

    [Fact]
    public void A_second_task_inside_a_command_is_refused()
    {
        var probe = NewProbe();
        var actor = Spawn(() => new Nested());
        actor.Tell("go", probe.Ref);
        probe.Expect(nameof(NotSupportedException));
    }

    private sealed record Deposit(int Amount);

    private sealed record Withdraw(int Amount);

    private sealed record Close;

    private sealed record Moved(int Amount);

    private sealed class Account : ReceivePersistentActor
    {
        private int _balance;

        public Account()
        {
            Recover<Moved>(moved => _balance += moved.Amount);
            Recover<string>(_ => { });
            Command<Deposit>(deposit => Persist(new Moved(deposit.Amount), Move));
            Command<Withdraw>(withdraw => withdraw.Amount <= _balance, withdraw => Persist(new Moved(-withdraw.Amount), Move));
            Command<Withdraw>(_ => Sender.Tell("too little"));
            Command<Close>(_ => Persist($"snapshot taken at {LastSequenceNr}", _ => Become(() => CommandAny(message =>
            {
                if (message is Exception e) throw e;
                Sender.Tell("closed");
            }))));
            Command<string>(_ => Sender.Tell(_balance));
        }

        public override string PersistenceId => "account";

        private void Move(Moved moved)
        {
            _balance += moved.Amount;
            Sender.Tell(_balance);
        }
    }

    private sealed class Slow : ReceivePersistentActor
    {
        private int _count;

        public Slow()
        {
            Recover<int>(_ => _count++);
            CommandAsync<int>(async i =>
            {
                Sender.Tell($"begin {i}");
                await Task.Yield();
                Sender.Tell($"middle {i}");
                await Task.Run(static () => { }, TestContext.Current.CancellationToken);
                Persist(i, persisted => Sender.Tell($"persisted {persisted} of {Context.Self.Path.Name}"));
                await Task.Yield();
                if (i < 0) throw new InvalidOperationException("boom");
            });
            CommandAny(_ => Sender.Tell(_count));
        }

        public override string PersistenceId => "slow";
    }

    private sealed class Nested : ReceivePersistentActor
    {
        public Nested() => CommandAny(_ =>
        {
            RunTask(async () => await Task.Yield());
            try
            {
                RunTask(() => Task.CompletedTask);
            }
            catch (NotSupportedException e)
            {
                Sender.Tell(e.GetType().Name);
            }
        });

        public override string PersistenceId => "nested";
    }
}
