using Picket.Actors;

namespace Picket.Spec.Kernel;

public sealed class PathSpec : KernelSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Paths_are_built_read_and_compared()
    {
        var path = ActorPath.Parse("akka://sys/user/a/b#42");
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal(("b", 42L, "akka://sys/user/a"), (path.Name, path.Uid, path.Parent.ToString()));
        Assert.Equal("akka://sys/user/a/b", path.ToStringWithAddress());
        Assert.Equal("akka.tcp://sys@h:1/user/a/b", path.ToStringWithAddress(new Address("akka.tcp", "sys", "h", 1)));
        Assert.Equal(path, new RootActorPath(new Address("akka", "sys")) / "user" / "a" / "b");
        Assert.NotEqual(path, path.Parent);
        Assert.Equal("akka://sys/user/a/b#42", path.ToSerializationFormat());
        Assert.True(path.Parent < path);
        Assert.Equal("/user/a/b", path.ToStringWithoutAddress());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("user/a")]
    [InlineData("akka://")]
    [InlineData("akka://s@/x")]
    [InlineData("akka://s@h:99999/x")]
    [InlineData("akka://s/a b")]
    [InlineData("akka://s/a#x")]
    public void What_is_no_path_is_refused(string? text) => Assert.False(ActorPath.TryParse(text, out _));

    [Fact]
    public async Task Refs_compare_by_path_and_incarnation()
    {
        var a = Sys.ActorOf(Props.Empty, "a");
        var b = Sys.ActorOf(Props.Empty, "b");
        Assert.True(a.CompareTo(b) < 0);
        Assert.NotEqual(a, b);
        Assert.Equal(a, await Sys.ActorSelection(a.Path).ResolveOne(TimeSpan.FromSeconds(20), Token));
        Assert.True(ActorRefs.Nobody.IsNobody());
        Assert.True(ActorRefs.NoSender.IsNobody());
        Assert.False(a.IsNobody());
    }

    [Fact]
    public void Selections_follow_absolute_relative_and_full_paths_and_wildcards()
    {
        var probe = CreateTestProbe();
        var parent = Spawn(() => new Scripted(probe.Ref), "p");
        foreach (var name in new[] { "c1", "c2", "d1" }) parent.Tell(new Scripted.Spawn(name), probe.Ref);
        var children = new List<IActorRef> { probe.FishForMessage<IActorRef>(_ => true), probe.FishForMessage<IActorRef>(_ => true), probe.FishForMessage<IActorRef>(_ => true) };
        foreach (var path in new[] { "/user/p/c1", "akka://spec/user/p/c1", "user/p/c1", "/user/p/d1/../c1" })
        {
            Sys.ActorSelection(path).Tell("hit");
            probe.FishForMessage<string>(s => s == "hit");
            Assert.Equal("c1", probe.LastSender.Path.Name);
        }

        Sys.ActorSelection("/user/p/c*").Tell(1);
        probe.FishForMessage<int>(_ => true);
        probe.FishForMessage<int>(_ => true);
        Sys.ActorSelection("/user/p/?1").Tell(2);
        probe.FishForMessage<int>(i => i == 2);
        probe.FishForMessage<int>(i => i == 2);
        children[0].Tell(Scripted.Run((_, context) => context.ActorSelection("../c2").Tell(3)));
        probe.FishForMessage<int>(i => i == 3);
        Assert.Equal("c2", probe.LastSender.Path.Name);
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public async Task ResolveOne_finds_or_says_that_there_is_none()
    {
        var actor = Sys.ActorOf(Props.Empty, "here");
        Assert.Equal(actor, await Sys.ActorSelection("/user/here").ResolveOne(TimeSpan.FromSeconds(20), Token));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/none").ResolveOne(TimeSpan.FromSeconds(20), Token));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("akka://other/user/x").ResolveOne(TimeSpan.FromSeconds(20), Token));
        var path = actor.Path;
        await actor.GracefulStop(TimeSpan.FromSeconds(20));
        await Sys.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(20), Token).ContinueWith(
            t => Assert.IsType<ActorNotFoundException>(t.Exception!.InnerException), TaskScheduler.Default);
    }

    [Fact]
    public async Task A_selection_by_uid_does_not_find_a_later_incarnation()
    {
        var first = Sys.ActorOf(Props.Empty, "same");
        await first.GracefulStop(TimeSpan.FromSeconds(20));
        IActorRef? second = null;
        AwaitCondition(() =>
        {
            try
            {
                second ??= Sys.ActorOf(Props.Empty, "same");
            }
            catch (InvalidActorNameException)
            {
                return false;
            }

            return true;
        }, message: "the name was free");
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection(first.Path).ResolveOne(TimeSpan.FromSeconds(20), Token));
        Assert.Equal(second, await Sys.ActorSelection(second!.Path).ResolveOne(TimeSpan.FromSeconds(20), Token));
    }
}
