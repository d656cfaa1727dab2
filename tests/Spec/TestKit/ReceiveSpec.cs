using System.Collections;
using Picket.Actors;
using Picket.Actors.TestKit;

namespace Picket.Spec.TestKit;

public sealed class ReceiveSpec : KitSpec
{
    private void Tell(params object[] messages)
    {
        foreach (var message in messages) TestActor.Tell(message);
    }

    [Fact]
    public void One_gives_the_next_or_null()
    {
        Tell("a", "b");
        Assert.Equal("a", PeekOne());
        Assert.Equal("a", ReceiveOne());
        Assert.True(TryReceiveOne(out var envelope));
        Assert.Equal(new MessageEnvelope("b", TestActor), envelope);
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.Null(ReceiveOne(Soon));
        Assert.Null(PeekOne(Soon));
        Assert.False(TryReceiveOne(out _, Soon));
        using var cancel = new CancellationTokenSource(Soon);
        Assert.Null(ReceiveOne(cancel.Token));
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task So_many_are_taken_in_order_or_it_fails_with_those_that_came()
    {
        Tell(1, 2, 3);
        Assert.Equal([1, 2], ReceiveN(2));
        Says(Failure(() => ReceiveN(2, Soon)), "expected 2 messages", "1 came: [Int32 3]");
        Tell(4, 5);
        var taken = new List<object>();
        await foreach (var one in ReceiveNAsync(2)) taken.Add(one);
        Assert.Equal([4, 5], taken);
    }

    [Fact]
    public void While_the_filter_gives_something_and_the_next_stays()
    {
        Tell("a", "b", 3, "d");
        Assert.Equal(["A", "B"], ReceiveWhile(message => (message as string)?.ToUpperInvariant()));
        Assert.Equal("b", LastMessage);
        ExpectMsg(3);
        Assert.Equal(["d"], ReceiveWhile<string>(Soon, message => message as string));
        Tell("a", "b", "c");
        Assert.Equal(["a", "b"], ReceiveWhile<string>(null, message => message as string, 2));
        Assert.Equal(["c"], ReceiveWhile<string>(TimeSpan.FromSeconds(20), Soon, message => message as string));
        Tell("a", 2, "c", "end");
        Assert.Equal(["a", "c"], ReceiveWhile<string>(text => text != "end"));
        ExpectMsg("end");
        Tell("a", 2);
        Assert.Equal(["a"], ReceiveWhile<string>(_ => true, shouldIgnoreOtherMessageTypes: false));
        ExpectMsg(2);
    }

    [Fact]
    public void Fishing_drops_others_and_says_them_when_nothing_bites()
    {
        Tell(1, "a", 2, "b");
        var others = new ArrayList { "cleared" };
        Assert.Equal("b", FishForMessage<string>(text => text == "b", others));
        Assert.Equal(new object[] { 1, "a", 2 }, others.ToArray());
        Tell(3);
        Assert.Equal(3, FishForMessage(message => message is 3));
        Tell(4, "x");
        Says(Failure(() => FishForMessage<string>(text => text == "y", Soon, "a y")), "no String that fits (a y)", "[Int32 4, \"x\"]");
    }

    [Fact]
    public void Ignored_messages_are_not_kept()
    {
        IgnoreMessages<int>();
        Tell(1, "a");
        ExpectMsg("a");
        IgnoreMessages<string>(text => text == "b");
        Tell("b", 2);
        ExpectMsg(2);
        IgnoreMessages(message => message is 'c');
        Tell('c', "b");
        ExpectMsg("b");
        IgnoreNoMessages();
        Tell('c');
        ExpectMsg('c');
    }
}
