using System.Collections.Concurrent;
using Picket.Hocon;

namespace Picket.Actors.Dispatch;

/// <summary>The mailboxes of a system: registered by name in code, or a path of its configuration.</summary>
public sealed class Mailboxes
{
    private const string Default = "akka.actor.default-mailbox";

    private readonly ConcurrentDictionary<string, MailboxType> _byName = new(StringComparer.Ordinal);
    private readonly Settings _settings;

    internal Mailboxes(Settings settings)
    {
        _settings = settings;
        _byName["default-mailbox"] = settings.Options.DefaultMailbox ?? new UnboundedMailbox();
    }

    /// <summary>Makes a kind of mailbox known under a name that <see cref="Props.WithMailbox(string)"/> can give.</summary>
    public void Register(string name, MailboxType mailbox) => _byName[name] = mailbox;

    /// <summary>A kind of mailbox by its registered name or by its path.</summary>
    /// <exception cref="ConfigurationException">There is none, or its settings are wrong.</exception>
    public MailboxType Lookup(string id) => _byName.GetOrAdd(
        id,
        static (id, settings) => settings.Config.HasPath(id)
            ? Read(settings.Config, id)
            : throw new ConfigurationException($"mailbox [{id}] is neither registered nor configured"),
        _settings);

    internal MessageQueue CreateQueue(Props props)
    {
        if (props.MailboxType is { } given) return given.Create();
        if (props.Mailbox is { } name) return Lookup(name).Create();
        if (props.Dispatcher is { } dispatcher && _settings.Options.Config.HasPath($"{dispatcher}.mailbox-type"))
            return Lookup(dispatcher).Create();
        return _settings.Options.DefaultMailbox?.Create() ?? new SegmentQueue();
    }

    /// <summary>Akka.NET's and our own types of mailbox; others must be registered, as nothing here is made by reflection.</summary>
    internal static MailboxType Read(Config all, string id)
    {
        var section = all.GetConfig(id)!.WithFallback(all.GetConfig(Default)!);
        try
        {
            return TypeName(section, "mailbox-type") switch
            {
                nameof(UnboundedMailbox) or "UnboundedDequeBasedMailbox" => new UnboundedMailbox(),
                nameof(BoundedMailbox) or "BoundedDequeBasedMailbox" =>
                    new BoundedMailbox(section.GetInt("mailbox-capacity"), section.GetTimeSpan("mailbox-push-timeout-time")),
                var other => throw new ConfigurationException(
                    $"{id}.mailbox-type is [{other}]: UnboundedMailbox, BoundedMailbox; register others with ActorSystem.Mailboxes"),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ConfigurationException($"{id}: {e.Message}", e);
        }
    }

    /// <summary>The last name of a type that a setting gives, with or without namespace and assembly.</summary>
    internal static string? TypeName(Config config, string path)
    {
        var name = config.GetString(path)?.Split(',')[0].Trim();
        return name?[(name.LastIndexOf('.') + 1)..];
    }
}
