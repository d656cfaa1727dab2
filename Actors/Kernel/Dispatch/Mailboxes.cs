using System.Collections.Concurrent;

namespace Picket.Actors.Dispatch;

/// <summary>The mailboxes of a system by name.</summary>
public sealed class Mailboxes
{
    private readonly ConcurrentDictionary<string, MailboxType> _byName = new(StringComparer.Ordinal);

    internal Mailboxes() => _byName["default-mailbox"] = new UnboundedMailbox();

    /// <summary>Makes a kind of mailbox known under a name that <see cref="Props.WithMailbox(string)"/> can give.</summary>
    public void Register(string name, MailboxType mailbox) => _byName[name] = mailbox;

    internal MessageQueue CreateQueue(Props props)
    {
        if (props.MailboxType is { } given) return given.Create();
        if (props.Mailbox is null) return new SegmentQueue();
        return _byName.TryGetValue(props.Mailbox, out var named)
            ? named.Create()
            : throw new ConfigurationException($"mailbox [{props.Mailbox}] is not registered");
    }
}
