using Picket.Actors;
using Picket.Actors.Event;

namespace Picket.Spec.Kernel;

/// <summary>Instances that do not come to be: the constructor throws, or the first PreStart.</summary>
public sealed class CreationSpec : KernelSpec
{
    private static readonly InvalidOperationException Boom = new("boom");

    [Fact]
    public void A_child_that_cannot_be_made_is_stopped_by_default()
    {
        var errors = Listen<Error>();
        var probe = CreateTestProbe();
        var child = Spawn(() => throw Boom, "broken");
        probe.Watch(child);
        probe.ExpectMsg<Terminated>();
        var error = errors.ExpectMsg<Error>();
        Assert.Same(Boom, Assert.IsType<ActorInitializationException>(error.Cause).InnerException);
        Assert.Equal("boom", error.Message);
    }

    [Fact]
    public void A_child_whose_constructor_failed_can_be_made_again()
    {
        var probe = CreateTestProbe();
        var tries = 0;
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(_ => Directive.Restart)), "p");
        parent.Tell(Scripted.Run((self, context) => context.ActorOf(
            Props.CreateFrom(() => ++tries < 3 ? throw Boom : new Scripted(self.To)), "c").Tell("first")));
        probe.ExpectMsg("p:PreStart");
        probe.ExpectMsg("c:PreStart");
        probe.ExpectMsg("first");
        Assert.Equal(3, tries);
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public void What_an_instance_that_never_came_to_be_had_borne_ends_before_the_next_try(Directive directive)
    {
        var probe = CreateTestProbe();
        var tries = 0;
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(_ => directive)), "p");
        parent.Tell(Scripted.Run((self, context) =>
            context.ActorOf(Props.CreateFrom(() => new BearsInPreStart(self.To, () => ++tries < 3)), "b").Tell("first")));
        probe.ExpectMsg("p:PreStart");
        for (var i = 1; i <= 3; i++)
        {
            probe.ExpectMsg("b:PreStart");
            if (i < 3) Assert.Equal(["c:PostStop", "c:PreStart"], new[] { probe.ExpectMsg<string>(), probe.ExpectMsg<string>() }.Order());
        }

        Assert.Equal(["c:PreStart", "first"], new[] { probe.ExpectMsg<string>(), probe.ExpectMsg<string>() }.Order());
        probe.ExpectNoMsg(0);
    }

    [Fact]
    public void After_a_restart_without_an_instance_the_next_one_begins_with_PostRestart()
    {
        var probe = CreateTestProbe();
        var made = 0;
        var parent = Spawn(() => new Scripted(probe.Ref, new OneForOneStrategy(_ => Directive.Restart)), "p");
        parent.Tell(Scripted.Run((self, context) => context.ActorOf(
            Props.CreateFrom(() => ++made == 2 ? throw new ArithmeticException("made") : new Scripted(self.To)), "c").Tell(Boom)));
        probe.ExpectMsg("p:PreStart");
        probe.ExpectMsg("c:PreStart");
        probe.ExpectMsg("c:PreRestart(boom,InvalidOperationException)");
        probe.ExpectMsg("c:PostStop");
        Assert.StartsWith("c:PostRestart(", probe.ExpectMsg<string>());
        probe.ExpectMsg("c:PreStart");
        probe.ExpectNoMsg(0);
    }

    private sealed class BearsInPreStart(IActorRef to, Func<bool> fails) : Scripted(to)
    {
        protected override void PreStart()
        {
            base.PreStart();
            Context.ActorOf(Props.CreateFrom(() => new Scripted(To)), "c");
            if (fails()) throw Boom;
        }
    }
}
