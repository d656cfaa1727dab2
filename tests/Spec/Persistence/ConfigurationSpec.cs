using Picket.Actors;
using Picket.Actors.Persistence;
using Picket.Hocon;

namespace Picket.Spec.Persistence;

/// <summary>The <c>akka.persistence</c> section of a system's configuration.</summary>
public sealed class ConfigurationSpec
{
    [Fact]
    public void The_reference_says_what_the_options_are_without_it() => Assert.Equal(new PersistenceOptions(), PersistenceOptions.From(Config.Empty));

    [Fact]
    public void Each_key_is_an_option()
    {
        var options = PersistenceOptions.From(ConfigurationFactory.ParseString("""
            akka.persistence {
              max-concurrent-recoveries = 2
              internal-stash-overflow-strategy = "Akka.Persistence.DiscardConfigurator, Akka.Persistence"
              internal-stash-capacity = 3
              flush-timeout = 4s
              journal { max-message-batch-size = 5, max-message-batch-bytes = 6KiB }
              journal-plugin-fallback {
                recovery-event-timeout = 7ms
                circuit-breaker { max-failures = 8, call-timeout = 9s, reset-timeout = 10m }
                replay-filter { mode = off, window-size = 11, max-old-writers = 12 }
              }
              snapshot-store-plugin-fallback.circuit-breaker { max-failures = 13, call-timeout = 14s, reset-timeout = 15s }
              at-least-once-delivery {
                redeliver-interval = 16s, redelivery-burst-limit = 17, warn-after-number-of-unconfirmed-attempts = 18, max-unconfirmed-messages = 19
              }
            }
            """));
        Assert.Equal(new PersistenceOptions
        {
            MaxConcurrentRecoveries = 2,
            InternalStashOverflowStrategy = DiscardToDeadLetterStrategy.Instance,
            InternalStashCapacity = 3,
            FlushTimeout = TimeSpan.FromSeconds(4),
            MaxWriteEvents = 5,
            MaxWriteBytes = 6144,
            RecoveryEventTimeout = TimeSpan.FromMilliseconds(7),
            CircuitBreaker = new CircuitBreakerOptions { MaxFailures = 8, CallTimeout = TimeSpan.FromSeconds(9), ResetTimeout = TimeSpan.FromMinutes(10) },
            ReplayFilter = new ReplayFilterOptions { Mode = ReplayFilterMode.Disabled, WindowSize = 11, MaxOldWriters = 12 },
            SnapshotCircuitBreaker = new CircuitBreakerOptions { MaxFailures = 13, CallTimeout = TimeSpan.FromSeconds(14), ResetTimeout = TimeSpan.FromSeconds(15) },
            AtLeastOnceDelivery = new PersistenceSettings.AtLeastOnceDeliverySettings(TimeSpan.FromSeconds(16), 17, 18, 19),
        }, options);
    }

    [Theory]
    [InlineData("repair-by-discard-old", ReplayFilterMode.RepairByDiscardOld)]
    [InlineData("fail", ReplayFilterMode.Fail)]
    [InlineData("warn", ReplayFilterMode.Warn)]
    [InlineData("off", ReplayFilterMode.Disabled)]
    public void The_modes_of_the_filter_are_named_as_in_Akka_NET(string name, ReplayFilterMode mode) =>
        Assert.Equal(mode, Read($"journal-plugin-fallback.replay-filter.mode = {name}").ReplayFilter.Mode);

    [Theory]
    [InlineData("journal-plugin-fallback.replay-filter.mode = repair", "akka.persistence.journal-plugin-fallback.replay-filter.mode is [repair]: repair-by-discard-old, fail, warn, off")]
    [InlineData("internal-stash-overflow-strategy = Forget", "akka.persistence.internal-stash-overflow-strategy is [Forget]: ThrowExceptionConfigurator, DiscardConfigurator")]
    [InlineData("max-concurrent-recoveries = 0", "MaxConcurrentRecoveries")]
    [InlineData("journal.max-message-batch-bytes = 0", "MaxWriteBytes")]
    public void A_value_that_its_key_cannot_have_is_named(string line, string said) =>
        Assert.Contains(said, Assert.Throws<ConfigurationException>(() => Read(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("max-concurrent-recoveries = many", "max-concurrent-recoveries")]
    [InlineData("journal-plugin-fallback.circuit-breaker.call-timeout = soon", "call-timeout")]
    public void A_value_of_the_wrong_kind_is_told_with_its_key(string line, string said) =>
        Assert.Contains(said, Assert.ThrowsAny<Exception>(() => Read(line)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_system_without_persistence_in_code_has_what_its_configuration_says()
    {
        using var system = ActorSystem.Create("configured", ConfigurationFactory.ParseString("akka.persistence.at-least-once-delivery.redelivery-burst-limit = 42"));
        Assert.Equal(42, Actors.Persistence.Persistence.Get(system).Options.AtLeastOnceDelivery.RedeliveryBurstLimit);
        await system.Terminate().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static PersistenceOptions Read(string line) => PersistenceOptions.From(ConfigurationFactory.ParseString($"akka.persistence.{line}"));
}
