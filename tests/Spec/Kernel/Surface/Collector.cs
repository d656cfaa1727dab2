using Picket.Actors;

namespace Picket.Spec.Kernel.Surface;

/// <summary>Keeps what it is told.</summary>
public sealed class Collector : ReceiveActor
{
    public Collector(Mail mail)
    {
        Receive<Watch>(watch => Context.Watch(watch.Subject));
        ReceiveAny(mail.Add);
    }

    public sealed record Watch(IActorRef Subject);
}
