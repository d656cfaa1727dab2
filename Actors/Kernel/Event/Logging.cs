using Picket.Actors.Cells;

namespace Picket.Actors.Event;

/// <summary>Makes loggers.</summary>
public static class Logging
{
    /// <summary>A logger under the path of an actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context) =>
        new BusLogging(context.System, context.Self.Path.ToString(), ((ActorCell)context).ActorType ?? context.Props.Type);

    /// <summary>A logger under the name of an object's type.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSource) =>
        new BusLogging(system, logSource as string ?? logSource.GetType().Name, logSource.GetType());
}
