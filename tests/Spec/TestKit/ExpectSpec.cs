using Picket.Actors;
using Picket.Actors.TestKit;

namespace Picket.Spec.TestKit;

public sealed class ExpectSpec : KitSpec
{
    [Fact]
    public void Each_form_takes_the_next_message_and_gives_it_back()
    {
        foreach (var message in new object[] { "a", "b", 3, 4, "e", "f", "g", new[] { 1, 2 } }) TestActor.Tell(message);
        Assert.Equal("a", ExpectMsg<string>());
        Assert.Equal("b", ExpectMsg("b"));
        Assert.Equal(3, ExpectMsg<int>(i => i > 2));
        var seen = 0;
        ExpectMsg<int>(i => { seen = i; });
        Assert.Equal(4, seen);
        ExpectMsg<string>((text, sender) => text == "e" && sender.Equals(TestActor));
        ExpectMsg<string>((text, sender) => { Assert.Equal(TestActor, sender); });
        ExpectMsg("G", (left, right) => left.Equals(right, StringComparison.OrdinalIgnoreCase));
        ExpectMsg(new[] { 1, 2 });
        ExpectNoMsg(0);
    }

    [Fact]
    public void Silence_fails_each_form_with_what_was_waited_for_and_how_long()
    {
        var each = new (Action Expectation, string What)[]
        {
            (() => ExpectMsg<string>(Soon), "a String"),
            (() => ExpectMsg("x", Soon), "\"x\""),
            (() => ExpectMsg<int>(i => i > 0, Soon), "a Int32 that fits"),
            (() => ExpectMsg<int>(i => { }, Soon), "a Int32"),
            (() => ExpectMsg(5, (_, _) => true, Soon), "Int32 5 by a comparer"),
            (() => ExpectMsgFrom<string>(TestActor, Soon), $"a String from {TestActor}"),
            (() => ExpectTerminated(TestActor, Soon), $"Terminated of {TestActor}"),
        };
        foreach (var (expectation, what) in each) Says(Failure(expectation), what, $"within {Soon}", "nothing came");
        Says(Failure(() => ExpectMsg<int>(Soon, "the answer")), "(the answer)");
    }

    [Fact]
    public void Something_else_fails_with_what_came_and_from_whom()
    {
        Rejects(() => ExpectMsg<string>(), "a String", "Int32 7");
        Rejects(() => ExpectMsg(8), "Int32 8", "Int32 7");
        Rejects(() => ExpectMsg<int>(i => i > 7), "a Int32 that fits", "Int32 7");
        Rejects(() => ExpectMsg<int>((_, sender) => sender.IsNobody()), "with its sender", "Int32 7");
        Rejects(() => ExpectMsg(7, (_, _) => false), "by a comparer", "Int32 7");
        Rejects(() => ExpectMsgAnyOf(1, 2), "any of [Int32 1, Int32 2]", "Int32 7");
        Rejects(() => ExpectTerminated(TestActor), "Terminated of", "Int32 7");
        TestActor.Tell(7);
        Assert.Throws<DivideByZeroException>(() => ExpectMsg<int>(i => throw new DivideByZeroException()));

        void Rejects(Action expectation, params string[] parts)
        {
            TestActor.Tell(7);
            var message = Failure(expectation);
            Says(message, parts);
            Says(message, $"came from {TestActor}");
        }
    }

    [Fact]
    public void From_compares_the_sender()
    {
        var other = CreateTestProbe("other");
        var echo = Echo();
        for (var i = 0; i < 5; i++) echo.Tell("x");
        ExpectMsgFrom<string>(echo);
        ExpectMsgFrom(echo, "x");
        ExpectMsgFrom<string>(echo, text => text == "x");
        ExpectMsgFrom<string>(sender => sender.Equals(echo), text => text == "x");
        ExpectMsgFrom<string>(sender => Assert.Equal(echo, sender), text => Assert.Equal("x", text));
        foreach (var expectation in new Action[]
            {
                () => ExpectMsgFrom<string>(other), () => ExpectMsgFrom(other, "x"), () => ExpectMsgFrom<string>(other, _ => true),
                () => ExpectMsgFrom<string>(sender => sender.Equals(other), _ => true), () => ExpectMsgFrom(echo, "y"),
            })
        {
            echo.Tell("x");
            Says(Failure(expectation), $"\"x\" came from {echo}");
        }
    }

    [Fact]
    public void All_of_takes_any_order_and_says_what_is_missing_and_what_was_unexpected()
    {
        foreach (var i in new[] { 3, 1, 2 }) TestActor.Tell(i);
        Assert.Equal([3, 1, 2], ExpectMsgAllOf(1, 2, 3));
        foreach (var i in new[] { 1, 1, 4 }) TestActor.Tell(i);
        Says(Failure(() => ExpectMsgAllOf(1, 2, 1)), "missing [Int32 2]", "unexpected [Int32 4]");
        TestActor.Tell(1);
        Says(Failure(() => ExpectMsgAllOf(Soon, 1, 2)), "expected 2 messages", "1 came: [Int32 1]");
    }

    [Fact]
    public void Any_of_takes_one_of_them()
    {
        TestActor.Tell(2);
        Assert.Equal(2, ExpectMsgAnyOf(1, 2));
        Assert.Equal(TestActor, LastSender);
        Assert.Equal(2, LastMessage);
    }

    [Fact]
    public async Task No_message_fails_when_one_waits_and_when_one_comes()
    {
        ExpectNoMsg();
        ExpectNoMsg(Soon);
        TestActor.Tell("waiting");
        Says(Failure(() => ExpectNoMsg(0)), "no message for", "\"waiting\" came from");
        var release = new TaskCompletionSource();
        var late = Task.Run(async () =>
        {
            await release.Task;
            TestActor.Tell("late", ActorRefs.NoSender);
        });
        var silence = ExpectNoMsgAsync(TimeSpan.FromSeconds(20)).AsTask();
        release.SetResult();
        Says((await Assert.ThrowsAsync<ExpectationFailedException>(() => silence)).Message, "\"late\"");
        await late;
    }

    [Fact]
    public void Terminated_is_expected_of_one_actor()
    {
        var first = Watch(Echo());
        var second = Watch(Echo());
        Sys.Stop(first);
        ExpectTerminated(first);
        Sys.Stop(second);
        Says(Failure(() => ExpectTerminated(first)), $"Terminated of {first}", second.ToString()!);
        var third = Unwatch(Watch(Echo()));
        Sys.Stop(third);
        var fourth = WatchWith(Echo(), "gone");
        Sys.Stop(fourth);
        ExpectMsg("gone");
        ExpectNoMsg();
    }

    [Fact]
    public async Task The_asynchronous_twins_do_the_same()
    {
        var echo = Echo();
        var waiting = ExpectMsgAsync<string>(TimeSpan.FromSeconds(20));
        Assert.False(waiting.IsCompleted);
        echo.Tell("a");
        Assert.Equal("a", await waiting);
        foreach (var message in new object[] { "b", 3, "d", 5, 6 }) echo.Tell(message);
        await ExpectMsgAsync("b");
        await ExpectMsgAsync<int>(i => i == 3);
        await ExpectMsgFromAsync<string>(echo);
        Assert.Equal(5, await ExpectMsgAnyOfAsync([4, 5]));
        await foreach (var i in ExpectMsgAllOfAsync([6])) Assert.Equal(6, i);
        await ExpectNoMsgAsync(Soon);
        Watch(echo);
        Sys.Stop(echo);
        await ExpectTerminatedAsync(echo);
        var failed = await Assert.ThrowsAsync<ExpectationFailedException>(() => ExpectMsgAsync("x", Soon).AsTask());
        Says(failed.Message, "\"x\"", "nothing came");
        using var cancel = new CancellationTokenSource();
        var cancelled = ExpectMsgAsync<string>(TimeSpan.FromSeconds(20), cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
    }
}
