using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Spec.Kernel;

namespace Picket.Spec.Persistence;

/// <summary>Messages that go out again until they are confirmed, on a clock that the test moves.</summary>
public sealed class DeliverySpec : PersistenceSpec
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ManualTime _time;

    public DeliverySpec() : this(new ManualTime())
    {
    }

    private DeliverySpec(ManualTime time) : base(null, time) => _time = time;

    [Fact]
    public void A_message_goes_out_once_and_again_at_each_interval_until_it_is_confirmed()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, null));
        sender.Tell("a", receiver.Ref);
        receiver.Expect(new Delivered(1, "a"));
        Assert.Equal(sender, receiver.LastSender);
        Quiet(sender, receiver, Interval / 2);
        _time.Advance(Interval);
        receiver.Expect(new Delivered(1, "a"));
        _time.Advance(Interval);
        receiver.Expect(new Delivered(1, "a"));
        sender.Tell(new Confirmed(1), receiver.Ref);
        receiver.Expect("confirmed True 0");
        sender.Tell(new Confirmed(1), receiver.Ref);
        receiver.Expect("confirmed False 0");
        Quiet(sender, receiver, Interval * 10);
    }

    [Fact]
    public async Task After_a_restart_what_is_unconfirmed_goes_out_and_what_was_confirmed_does_not()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, null));
        foreach (var text in (string[])["a", "b", "c"]) sender.Tell(text, receiver.Ref);
        for (var id = 1; id <= 3; id++) Assert.Equal(id, receiver.Expect<Delivered>().Id);
        sender.Tell(new Confirmed(2), receiver.Ref);
        receiver.Expect("confirmed True 2");
        await Stop(sender);
        sender = Spawn(() => new Sender("s", receiver.Ref.Path, null));
        receiver.Expect(new Delivered(1, "a"));
        receiver.Expect(new Delivered(3, "c"));
        sender.Tell("d", receiver.Ref);
        receiver.Expect(new Delivered(4, "d"));
        sender.Tell(new InvalidOperationException("boom"), receiver.Ref);
        for (var id = 1; id <= 4; id++)
        {
            if (id != 2) Assert.Equal(id, receiver.Expect<Delivered>().Id);
        }
    }

    [Fact]
    public void The_redeliveries_of_an_interval_are_bounded_and_the_oldest_go_first()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, settings => settings.WithRedeliveryBurstLimit(2)));
        foreach (var text in (string[])["a", "b", "c"]) sender.Tell(text, receiver.Ref);
        for (var id = 1; id <= 3; id++) Assert.Equal(id, receiver.Expect<Delivered>().Id);
        Quiet(sender, receiver, Interval / 2);
        _time.Advance(Interval);
        Assert.Equal(1, receiver.Expect<Delivered>().Id);
        Assert.Equal(2, receiver.Expect<Delivered>().Id);
        sender.Tell("d", receiver.Ref);
        Assert.Equal(4, receiver.Expect<Delivered>().Id);
    }

    [Fact]
    public void Many_attempts_are_a_warning_to_the_actor_itself()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, settings => settings.WithUnconfirmedAttemptsToWarn(2)));
        sender.Tell("a", receiver.Ref);
        receiver.Expect(new Delivered(1, "a"));
        _time.Advance(Interval * 1.5);
        receiver.Expect(new Delivered(1, "a"));

        // Whichever tick of these sees the attempt overdue: the clock may stand at it already, or not yet.
        _time.Advance(Interval * 1.5);
        receiver.Expect(new Delivered(1, "a"));
        var warned = Assert.Single(receiver.Expect<UnconfirmedWarning>().UnconfirmedDeliveries);
        Assert.Equal(new UnconfirmedDelivery(1, receiver.Ref.Path, new Delivered(1, "a")), warned);
    }

    [Fact]
    public void There_is_a_limit_to_what_may_be_unconfirmed()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, settings => settings.WithMaxUnconfirmedMessages(1)));
        sender.Tell("a", receiver.Ref);
        receiver.Expect(new Delivered(1, "a"));
        sender.Tell("b", receiver.Ref);
        receiver.Expect(nameof(MaxUnconfirmedMessagesExceededException));
    }

    [Fact]
    public async Task A_snapshot_carries_the_deliveries()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, null));
        foreach (var text in (string[])["a", "b"]) sender.Tell(text, receiver.Ref);
        for (var id = 1; id <= 2; id++) Assert.Equal(id, receiver.Expect<Delivered>().Id);
        sender.Tell(new Confirmed(1), receiver.Ref);
        receiver.Expect("confirmed True 1");
        sender.Tell("snapshot", receiver.Ref);
        receiver.Expect("saved");
        Assert.Equal(
            new AtLeastOnceDeliverySnapshot(2, [new UnconfirmedDelivery(2, receiver.Ref.Path, new Delivered(2, "b"))]),
            (await Snapshots.Inner.LoadAsync("s", SnapshotSelectionCriteria.Latest, CancellationToken.None))!.Snapshot);
        await Stop(sender);
        sender = Spawn(() => new Sender("s", receiver.Ref.Path, null));

        // As in Akka, what a snapshot holds counts as just sent.
        sender.Tell("c", receiver.Ref);
        receiver.Expect(new Delivered(3, "c"));
        _time.Advance(Interval * 1.5);
        receiver.Expect(new Delivered(2, "b"));
        receiver.Expect(new Delivered(3, "c"));
    }

    [Fact]
    public void A_selection_is_delivered_to_unless_it_is_a_pattern()
    {
        var receiver = new Probe(Sys, "receiver");
        var sender = Spawn(() => new Sender("s", receiver.Ref.Path, null));
        sender.Tell($"select {receiver.Ref.Path.ToStringWithoutAddress()}", receiver.Ref);
        receiver.Expect(new Delivered(1, "selected"));
        sender.Tell("select /user/*", receiver.Ref);
        receiver.Expect(nameof(NotSupportedException));
    }

    [Fact]
    public async Task The_base_without_declared_handlers_delivers_as_well()
    {
        var receiver = NewProbe();
        var sender = Spawn(() => new PlainSender(receiver.Ref.Path));
        sender.Tell("a", receiver.Ref);
        receiver.Expect(new Delivered(1, "a"));
        await Stop(sender);
        sender = Spawn(() => new PlainSender(receiver.Ref.Path));
        receiver.Expect(new Delivered(1, "a"));
        sender.Tell(new Confirmed(1), receiver.Ref);
        receiver.Expect("confirmed True 0");
    }

    /// <summary>Time passes and nothing comes of it.</summary>
    private void Quiet(IActorRef sender, Probe receiver, TimeSpan time)
    {
        _time.Advance(time);
        sender.Tell("sync?", receiver.Ref);
        receiver.Expect("sync");
    }

    private sealed record Delivered(long Id, string Text);

    private sealed record Confirmed(long Id);

    private sealed class Sender : AtLeastOnceDeliveryReceiveActor
    {
        private readonly ActorPath _to;

        public Sender(string id, ActorPath to,
            Func<PersistenceSettings.AtLeastOnceDeliverySettings, PersistenceSettings.AtLeastOnceDeliverySettings>? change)
            : base(settings => (change ?? (same => same))(settings.WithRedeliverInterval(Interval)))
        {
            PersistenceId = id;
            _to = to;
            Recover<string>(Send);
            Recover<Confirmed>(confirmed => ConfirmDelivery(confirmed.Id));
            Recover<SnapshotOffer>(offer => SetDeliverySnapshot((AtLeastOnceDeliverySnapshot)offer.Snapshot));
            Command<Confirmed>(confirmed => Persist(confirmed, _ => Sender.Tell($"confirmed {ConfirmDelivery(confirmed.Id)} {UnconfirmedCount}")));
            Command<string>(text => text == "sync?", _ => Sender.Tell("sync"));
            Command<string>(text => text == "snapshot", _ => SaveSnapshot(GetDeliverySnapshot()));
            Command<string>(text => text.StartsWith("select", StringComparison.Ordinal), text => Try(() => Deliver(Context.ActorSelection(text[7..]), id => new Delivered(id, "selected"))));
            Command<string>(text => Persist(text, sent => Try(() => Send(sent))));
            Command<UnconfirmedWarning>(warning => Context.ActorSelection(_to).Tell(warning, Self));
            Command<SaveSnapshotSuccess>(_ => Context.ActorSelection(_to).Tell("saved", Self));
            Command<Exception>(e => throw e);
        }

        public override string PersistenceId { get; }

        /// <summary>The redelivery begins all the same.</summary>
        protected override void OnReplaySuccess()
        {
        }

        private void Send(string text) => Deliver(_to, id => new Delivered(id, text));

        private void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                Sender.Tell(e.GetType().Name);
            }
        }
    }

    private sealed class PlainSender(ActorPath to) : AtLeastOnceDeliveryActor
    {
        public override string PersistenceId => "plain";

        protected override bool ReceiveRecover(object message)
        {
            if (message is string text) Deliver(to, id => new Delivered(id, text));
            return true;
        }

        protected override bool ReceiveCommand(object message)
        {
            if (message is Confirmed confirmed) Sender.Tell($"confirmed {ConfirmDelivery(confirmed.Id)} {UnconfirmedCount}");
            else Persist((string)message, text => Deliver(to, id => new Delivered(id, text)));
            return true;
        }
    }
}
