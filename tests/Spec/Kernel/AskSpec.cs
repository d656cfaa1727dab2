using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

public sealed class AskSpec : KernelSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IActorRef Echo() => Spawn(() => new Echoes());

    [Fact]
    public async Task An_answer_ends_the_task()
    {
        Assert.Equal(5, await Echo().Ask<int>(5, Token));
        Assert.Equal("x", await Echo().Ask("x", Token));
    }

    [Fact]
    public async Task A_failure_throws_its_cause_and_a_wrong_type_is_said()
    {
        var cause = new InvalidOperationException("no");
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => Echo().Ask<int>(new Status.Failure(cause), Token)));
        await Assert.ThrowsAsync<ArgumentException>(() => Echo().Ask<int>("text", Token));
        Assert.IsType<Status.Failure>(await Echo().Ask(new Status.Failure(cause), Token));
    }

    [Fact]
    public async Task Cancellation_cancels_and_the_late_answer_does_no_harm()
    {
        using var cancel = new CancellationTokenSource();
        var ask = CreateTestProbe().Ref.Ask<int>("never answered", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask);
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        var dead = Listen<DeadLetter>();
        var twice = Spawn(() => new Twice());
        Assert.Equal(1, await twice.Ask<int>("x", Token));
        Assert.Equal(2, dead.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public async Task The_factory_form_gives_the_ref_to_answer_to() =>
        Assert.Equal("to me", await Echo().Ask<string>(me => new Echoes.To(me, "to me"), cancellationToken: Token));

    [Fact]
    public void PipeTo_tells_results_and_failures()
    {
        var probe = CreateTestProbe();
        Task.FromResult(3).PipeTo(probe.Ref, success: i => i + 1);
        probe.ExpectMsg(4);
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(probe.Ref);
        Assert.Equal("no", probe.ExpectMsg<Status.Failure>().Cause!.Message);
        Task.FromException(new InvalidOperationException("no")).PipeTo(probe.Ref, failure: e => e.Message);
        probe.ExpectMsg("no");
    }

    [Fact]
    public async Task Identify_answers_with_the_ref_or_with_none()
    {
        var echo = Echo();
        Assert.Equal(new ActorIdentity(1, echo), await echo.Ask<ActorIdentity>(new Identify(1), Token));
        Assert.Equal(new ActorIdentity(2, null), await Sys.ActorSelection("/user/none").Ask<ActorIdentity>(new Identify(2), Token));
    }

    private sealed class Echoes : UntypedActor
    {
        public sealed record To(IActorRef Who, object What);

        protected override void OnReceive(object message)
        {
            if (message is To to) to.Who.Tell(to.What);
            else Sender.Tell(message);
        }
    }

    private sealed class Twice : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            Sender.Tell(1);
            Sender.Tell(2);
        }
    }
}
