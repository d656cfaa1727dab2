namespace Picket.Actors.Persistence;

/// <summary>Settings under the names that Akka.NET gave them.</summary>
public static class PersistenceSettings
{
    /// <summary>How messages are delivered again until they are confirmed.</summary>
    /// <param name="RedeliverInterval">Time from one delivery of a message to the next. Positive.</param>
    /// <param name="RedeliveryBurstLimit">Messages that are delivered again at once; 1 or more.</param>
    /// <param name="WarnAfterNumberOfUnconfirmedAttempts">Deliveries of a message after which the actor is told
    /// <see cref="UnconfirmedWarning"/>; 1 or more.</param>
    /// <param name="MaxUnconfirmedMessages">Unconfirmed messages above which Deliver throws; 1 or more.</param>
    public sealed record AtLeastOnceDeliverySettings(
        TimeSpan RedeliverInterval, int RedeliveryBurstLimit, int WarnAfterNumberOfUnconfirmedAttempts, int MaxUnconfirmedMessages)
    {
        /// <summary>5 s, 10,000, 5 and 100,000.</summary>
        public AtLeastOnceDeliverySettings() : this(TimeSpan.FromSeconds(5), 10_000, 5, 100_000)
        {
        }

        /// <summary>The same with another interval.</summary>
        public AtLeastOnceDeliverySettings WithRedeliverInterval(TimeSpan redeliverInterval) =>
            this with { RedeliverInterval = redeliverInterval };

        /// <summary>The same with another burst.</summary>
        public AtLeastOnceDeliverySettings WithRedeliveryBurstLimit(int redeliveryBurstLimit) =>
            this with { RedeliveryBurstLimit = redeliveryBurstLimit };

        /// <summary>The same with another number of attempts.</summary>
        public AtLeastOnceDeliverySettings WithUnconfirmedAttemptsToWarn(int unconfirmedAttemptsToWarn) =>
            this with { WarnAfterNumberOfUnconfirmedAttempts = unconfirmedAttemptsToWarn };

        /// <summary>The same with another limit.</summary>
        public AtLeastOnceDeliverySettings WithMaxUnconfirmedMessages(int maxUnconfirmedMessages) =>
            this with { MaxUnconfirmedMessages = maxUnconfirmedMessages };

        internal AtLeastOnceDeliverySettings Validate()
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RedeliverInterval, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThan(RedeliveryBurstLimit, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(WarnAfterNumberOfUnconfirmedAttempts, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnconfirmedMessages, 1);
            return this;
        }
    }
}
