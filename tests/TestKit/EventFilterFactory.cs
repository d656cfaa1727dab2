using System.Text.RegularExpressions;
using Picket.Actors.Event;

namespace Picket.Actors.TestKit;

/// <summary>
/// Filters for log events and dead letters. Of <c>message</c>, <c>start</c> and <c>contains</c> the first that is given decides
/// about the text; <c>source</c> is the logger's source, for an actor its path with or without address.
/// </summary>
public sealed class EventFilterFactory
{
    private readonly TestKitBase _kit;
    private readonly EventListener _listener;
    private readonly IReadOnlyList<EventMatch> _before;

    internal EventFilterFactory(TestKitBase kit, EventListener listener, IReadOnlyList<EventMatch> before)
    {
        _kit = kit;
        _listener = listener;
        _before = before;
    }

    /// <summary>Errors caused by a <typeparamref name="TException"/>; the text is the event's or the exception's.</summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null) where TException : Exception =>
        Exception(typeof(TException), message, start, contains, source);

    /// <summary>Errors caused by a <typeparamref name="TException"/>; the text is the event's or the exception's.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null, bool checkInnerExceptions = false)
        where TException : Exception => Exception(typeof(TException), pattern, source, checkInnerExceptions);

    /// <summary>Errors caused by an exception of a type, or of one that has such a cause.</summary>
    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null,
        bool checkInnerExceptions = false) => Caused(exceptionType, Text(message, start, contains), source, checkInnerExceptions);

    /// <summary>Errors caused by an exception of a type, or of one that has such a cause.</summary>
    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        Caused(exceptionType, Text(pattern), source, checkInnerExceptions);

    /// <summary>Errors, with or without an exception.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Logged<Error>(Text(message, start, contains), source);

    /// <summary>Errors, with or without an exception.</summary>
    public IEventFilterApplier Error(Regex pattern, string? source = null) => Logged<Error>(Text(pattern), source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Logged<Warning>(Text(message, start, contains), source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(Regex pattern, string? source = null) => Logged<Warning>(Text(pattern), source);

    /// <summary>Info events.</summary>
    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Logged<Info>(Text(message, start, contains), source);

    /// <summary>Info events.</summary>
    public IEventFilterApplier Info(Regex pattern, string? source = null) => Logged<Info>(Text(pattern), source);

    /// <summary>Debug events; the system must publish them.</summary>
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Logged<Debug>(Text(message, start, contains), source);

    /// <summary>Debug events; the system must publish them.</summary>
    public IEventFilterApplier Debug(Regex pattern, string? source = null) => Logged<Debug>(Text(pattern), source);

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLevel(logLevel, Text(message, start, contains), source);

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        ForLevel(logLevel, Text(pattern), source);

    /// <summary>Dead letters; suppressed ones are none.</summary>
    public IEventFilterApplier DeadLetter() => Dead("", static _ => true, null);

    /// <summary>Dead letters of a type; the source is the path of whom they were meant for.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) =>
        Dead(typeof(TMessage).Name, static message => message is TMessage, source);

    /// <summary>Dead letters of a type that fit.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        Dead(typeof(TMessage).Name, message => message is TMessage typed && isMatch(typed), source);

    /// <summary>Dead letters of a type.</summary>
    public IEventFilterApplier DeadLetter(Type type, string? source = null) => Dead(type.Name, type.IsInstanceOfType, source);

    /// <summary>Dead letters of a type that fit.</summary>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        Dead(type.Name, message => type.IsInstanceOfType(message) && isMatch(message), source);

    /// <summary>Log events that fit.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Custom<LogEvent>(predicate);

    /// <summary>Log events of a type that fit.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent =>
        Applier(new EventMatch($"{typeof(TLogEvent).Name} that fits", e => e is TLogEvent typed && predicate(typed)));

    private static (string Name, Predicate<string> Fits) Text(string? message, string? start, string? contains)
    {
        if (message is not null) return ($" \"{message}\"", text => text == message);
        if (start is not null) return ($" \"{start}...\"", text => text.StartsWith(start, StringComparison.Ordinal));
        if (contains is not null) return ($" \"...{contains}...\"", text => text.Contains(contains, StringComparison.Ordinal));
        return ("", static _ => true);
    }

    private static (string Name, Predicate<string> Fits) Text(Regex pattern) => ($" /{pattern}/", pattern.IsMatch);

    private static string From(string? source) => source is null ? "" : $" from {source}";

    private static bool IsFrom(string? source, string actual) =>
        source is null || actual == source
        || (ActorPath.TryParse(actual, out var path) && path.ToStringWithoutAddress() == source);

    private EventFilterApplier Logged<T>((string Name, Predicate<string> Fits) text, string? source) where T : LogEvent =>
        Applier(new EventMatch(
            $"{typeof(T).Name}{text.Name}{From(source)}",
            e => e is T logged && IsFrom(source, logged.LogSource) && text.Fits($"{logged.Message}")));

    private EventFilterApplier ForLevel(LogLevel level, (string Name, Predicate<string> Fits) text, string? source) =>
        Applier(new EventMatch(
            $"{level}{text.Name}{From(source)}",
            e => e is LogEvent logged && logged.LogLevel() == level && IsFrom(source, logged.LogSource) && text.Fits($"{logged.Message}")));

    private EventFilterApplier Caused(Type type, (string Name, Predicate<string> Fits) text, string? source, bool checkInnerExceptions) =>
        Applier(new EventMatch(
            $"Error by {type.Name}{text.Name}{From(source)}",
            e =>
            {
                if (e is not Error logged || !IsFrom(source, logged.LogSource)) return false;
                for (var cause = logged.Cause; cause is not null; cause = checkInnerExceptions ? cause.InnerException : null)
                {
                    if (type.IsInstanceOfType(cause) && (text.Fits($"{logged.Message}") || text.Fits(cause.Message))) return true;
                }

                return false;
            }));

    private EventFilterApplier Dead(string name, Predicate<object> fits, string? source) =>
        Applier(new EventMatch(
            $"DeadLetter {name}{From(source)}",
            e => e is DeadLetter letter && IsFrom(source, letter.Recipient.Path.ToString()) && fits(letter.Message)));

    private EventFilterApplier Applier(EventMatch match) => new(_kit, _listener, [.. _before, match]);
}
