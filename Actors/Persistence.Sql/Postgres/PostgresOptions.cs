using System.Data.Common;
using System.Text;
using Npgsql;
using Picket.Actors.Persistence.Serialization;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>How a <see cref="PostgresStore"/> behaves; checked once, when it opens.</summary>
public sealed record PostgresOptions
{
    private const int MaxIdentifierBytes = 63;

    /// <summary>Npgsql's connection string. It is never part of a message, nor of <see cref="ToString"/>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema that holds the tables; made when it is not there. Any name that PostgreSQL takes, 1 to 63 bytes.</summary>
    public string Schema { get; init; } = "picket";

    /// <summary>How events and snapshots become bytes.</summary>
    public EventSerializers Serializers { get; init; } = EventSerializers.Default;

    /// <summary>
    /// How long a call is tried again while the server is away or restarts; then it fails with <see cref="SqlFailure.Unreachable"/>.
    /// 0 to 1 hour.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take; 1 second to 1 hour.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first pause before another attempt; each next one is twice as long. Positive, at most <see cref="MaxBackOff"/>.
    /// </summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause before another attempt; at most 1 minute.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Refuse a server that runs with fsync or full_page_writes off: what it acknowledges does not survive a power cut.
    /// </summary>
    public bool RequireDurableServer { get; init; } = true;

    /// <summary>The clock of the pauses, and the one that dates migrations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Serializers);
        ArgumentNullException.ThrowIfNull(Time);
        if (string.IsNullOrWhiteSpace(Read().Host)) throw new ArgumentException("ConnectionString must name a Host");
        if (string.IsNullOrEmpty(Schema) || Schema.Contains('\0') || Encoding.UTF8.GetByteCount(Schema) > MaxIdentifierBytes)
            throw new ArgumentException($"Schema must have 1 to {MaxIdentifierBytes} bytes and no NUL");
        if (Schema.StartsWith("pg_", StringComparison.Ordinal))
            throw new ArgumentException("Schema must not begin with pg_, which is PostgreSQL's");
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromHours(1))
            throw new ArgumentException($"RetryFor must lie between 0 and 1 hour, not {RetryFor}");
        if (AttemptTimeout < TimeSpan.FromSeconds(1) || AttemptTimeout > TimeSpan.FromHours(1))
            throw new ArgumentException($"AttemptTimeout must lie between 1 second and 1 hour, not {AttemptTimeout}");
        if (MinBackOff <= TimeSpan.Zero || MinBackOff > MaxBackOff)
            throw new ArgumentException($"MinBackOff must be positive and at most MaxBackOff ({MaxBackOff}), not {MinBackOff}");
        if (MaxBackOff > TimeSpan.FromMinutes(1)) throw new ArgumentException($"MaxBackOff must be at most 1 minute, not {MaxBackOff}");
    }

    /// <summary>The options without the connection string.</summary>
    public override string ToString() =>
        $"PostgresOptions {{ Schema = {Schema}, RetryFor = {RetryFor}, AttemptTimeout = {AttemptTimeout} }}";

    /// <summary>The connection string's parts, with what the store needs set.</summary>
    internal NpgsqlConnectionStringBuilder Read()
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(ConnectionString)
            {
                PersistSecurityInfo = false,
                IncludeErrorDetail = false,
                // Sessions are this store's alone and keep what was set when they began.
                NoResetOnClose = true,
                CommandTimeout = (int)Math.Ceiling(AttemptTimeout.TotalSeconds),
            };
            parts.Timeout = parts.Timeout == 0 ? parts.CommandTimeout : Math.Min(parts.Timeout, parts.CommandTimeout);
            // Said to be 0 it stays so: some poolers between here and the server cannot prepare.
            var said = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
            if (!said.ContainsKey("Max Auto Prepare") && !said.ContainsKey("MaxAutoPrepare"))
            {
                parts.MaxAutoPrepare = 32;
                parts.AutoPrepareMinUsages = 2;
            }

            if (string.IsNullOrEmpty(parts.ApplicationName)) parts.ApplicationName = "picket";
            return parts;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or OverflowException
            or InvalidCastException)
        {
            // What was said of it may quote a part of a password that was not put in quotes.
            throw new ArgumentException(
                "ConnectionString cannot be read: look at its keywords and numbers; a value with ; or = needs quotes");
        }
    }
}
