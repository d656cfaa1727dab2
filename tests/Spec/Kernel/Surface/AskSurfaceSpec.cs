using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel.Surface;

/// <summary>Ask, Status, PipeTo, GracefulStop, WatchAsync.</summary>
public sealed class AskSurfaceSpec() : SurfaceSpec("akka.actor.ask-timeout = 50ms")
{
    private sealed record Question(IActorRef ReplyTo, string Text);

    private sealed class Answerer : ReceiveActor
    {
        public Answerer()
        {
            Receive<string>(s => s == "fail", _ => Sender.Tell(new Status.Failure(new InvalidOperationException("no"))));
            Receive<string>(s => s == "no cause", _ => Sender.Tell(new Status.Failure(null!, "state")));
            Receive<string>(s => s == "success", _ => Sender.Tell(new Status.Success("yes")));
            Receive<string>(s => s == "silence", _ => { });
            Receive<string>(s => Sender.Tell(s.Length));
            Receive<Question>(q => q.ReplyTo.Tell(q.Text));
        }
    }

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_come_by_every_overload()
    {
        var actor = Sys.ActorOf<Answerer>("answerer");
        Assert.Equal(2, await actor.Ask<int>("ab", Patience));
        Assert.Equal(2, await actor.Ask<int>("ab", _ct));
        Assert.Equal(2, await actor.Ask<int>("ab", Patience, _ct));
        Assert.Equal(2, await actor.Ask("ab", Patience));
        Assert.Equal(2, await actor.Ask("ab", _ct));
        Assert.Equal(2, await actor.Ask("ab", Patience, _ct));
        Assert.Equal("text", await actor.Ask<string>(replyTo => new Question(replyTo, "text"), Patience, _ct));
        Assert.Equal(3, await Sys.ActorSelection("/user/answerer").Ask<int>("abc", Patience));
    }

    [Fact]
    public async Task A_failure_throws_its_cause_unless_a_status_or_an_object_was_asked_for()
    {
        var actor = Sys.ActorOf<Answerer>();
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => actor.Ask<int>("fail", Patience))).Message);
        await Assert.ThrowsAsync<TaskCanceledException>(() => actor.Ask<int>("no cause", Patience));
        var failure = Assert.IsType<Status.Failure>(await actor.Ask("fail", Patience));
        Assert.Equal("no", failure.Cause.Message);
        Assert.Equal("state", Assert.IsType<Status.Failure>(await actor.Ask<Status>("no cause", Patience)).State);
        Assert.Equal("yes", (await actor.Ask<Status.Success>("success", Patience)).Status);
        Assert.Null(Status.Success.Instance.Status);
    }

    [Fact]
    public async Task Time_outs_are_the_systems_unless_given_and_zero_is_none()
    {
        var actor = Sys.ActorOf<Answerer>();
        Assert.Equal(TimeSpan.FromMilliseconds(50), Sys.Settings.AskTimeout);
        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask("silence"));
        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<int>("silence", TimeSpan.FromMilliseconds(1)));
        using var cancellation = new CancellationTokenSource();
        var endless = actor.Ask("silence", TimeSpan.Zero, cancellation.Token);
        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask("silence"));
        Assert.False(endless.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => endless);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_an_error_and_a_dead_letter()
    {
        var inbox = Inbox(out var mail);
        Sys.EventStream.Subscribe(inbox, typeof(DeadLetter));
        await Assert.ThrowsAsync<ArgumentException>(() => Sys.ActorOf<Answerer>().Ask<Guid>("abc", Patience));
        Assert.Equal(3, (await mail.Next<DeadLetter>()).Message);
    }

    [Fact]
    public async Task PipeTo_tells_results_and_failures_of_every_kind_of_task()
    {
        var inbox = Inbox(out var mail);
        await Task.FromResult(1).PipeTo(inbox);
        await new ValueTask<int>(2).PipeTo(inbox, inbox, i => i + 1);
        await Task.FromResult(3).PipeTo(inbox, true, success: i => i + 1);
        await new ValueTask<int>(4).PipeTo(inbox, false, inbox, success: i => i + 1);
        await mail.Next(1, 3, 4, 5);
        await Task.CompletedTask.PipeTo(inbox);
        await Task.CompletedTask.PipeTo(inbox, success: () => "done");
        await ValueTask.CompletedTask.PipeTo(inbox, ActorRefs.NoSender, () => "value done");
        await Task.CompletedTask.PipeTo(inbox, useConfigureAwait: true, success: () => "context done");
        await ValueTask.CompletedTask.PipeTo(inbox, true, ActorRefs.NoSender, () => "both done");
        await mail.Next("done", "value done", "context done", "both done");
        await Task.FromException<int>(new InvalidOperationException("a")).PipeTo(inbox);
        await Task.FromException(new InvalidOperationException("b")).PipeTo(inbox);
        await Task.FromException(new InvalidOperationException("c")).PipeTo(inbox, failure: e => new Status.Failure(e, "mine"));
        Assert.Equal("a", (await mail.Next<Status.Failure>()).Cause.Message);
        Assert.Equal("b", (await mail.Next<Status.Failure>()).Cause.Message);
        Assert.Equal("mine", (await mail.Next<Status.Failure>()).State);
    }

    [Fact]
    public async Task A_null_result_is_piped_as_a_failure()
    {
        var inbox = Inbox(out var mail);
        await Task.FromResult<string?>(null).PipeTo(inbox);
        Assert.IsType<InvalidMessageException>((await mail.Next<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task Ends_are_waited_for()
    {
        var actor = Sys.ActorOf<Answerer>();
        var watched = actor.WatchAsync(_ct);
        Assert.True(await actor.GracefulStop(Patience));
        Assert.True(await watched);
        Assert.True(await actor.WatchAsync(_ct));
        Assert.True(await actor.GracefulStop(Patience, "stop"));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        Assert.False(await Sys.ActorOf<Answerer>().WatchAsync(cancellation.Token));
        await Assert.ThrowsAsync<TaskCanceledException>(
            () => Sys.ActorOf<Answerer>().GracefulStop(TimeSpan.FromMilliseconds(1), "silence"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ActorRefs.Nobody.WatchAsync(_ct));
    }
}
