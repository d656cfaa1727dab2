using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Picket.Actors.Persistence.Serialization;

/// <summary>
/// How stores turn events and snapshots into bytes: a short stable name (the manifest) for each type, chosen by who adds it, so that
/// renaming a class does not orphan what it wrote. Immutable; each member gives another one. A type is looked up exactly: one that
/// derives from a known type is not known, and nothing of it is cut off in silence.
/// </summary>
public sealed class EventSerializers
{
    private readonly FrozenDictionary<Type, EventSerializer> _byType;
    private readonly FrozenDictionary<string, Func<ReadOnlyMemory<byte>, object>> _byManifest;
    private readonly ReflectionJson? _reflection;

    private EventSerializers(IEnumerable<KeyValuePair<Type, EventSerializer>> byType,
        IEnumerable<KeyValuePair<string, Func<ReadOnlyMemory<byte>, object>>> byManifest, ReflectionJson? reflection)
    {
        _byType = byType.ToFrozenDictionary();
        _byManifest = byManifest.ToFrozenDictionary(StringComparer.Ordinal);
        _reflection = reflection;
    }

    /// <summary>string, byte[], bool, int, long, double, Guid and DateTimeOffset.</summary>
    public static EventSerializers Default { get; } = BuiltInSerializers.AddTo(new EventSerializers([], [], null));

    /// <summary>With a type.</summary>
    /// <param name="manifest">Its name in the store. It must never change, nor be given to another type.</param>
    /// <param name="write">An object's bytes. What it throws rejects the event.</param>
    /// <param name="read">The object of such bytes. What it throws fails the recovery.</param>
    /// <exception cref="ArgumentException">The manifest is empty or taken, or the type is known already.</exception>
    public EventSerializers Add<T>(string manifest, Func<T, byte[]> write, Func<ReadOnlyMemory<byte>, T> read) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return Add(manifest, [typeof(T)], value => write((T)value), bytes => read(bytes));
    }

    /// <summary>With a type as JSON, by what the compiler generated for it. Where that declares derived types, they are known too.
    /// </summary>
    /// <inheritdoc cref="Add{T}"/>
    public EventSerializers AddJson<T>(string manifest, JsonTypeInfo<T> typeInfo) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        Type[] types = [typeof(T), .. typeInfo.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? []];
        return Add(manifest, [.. types.Distinct()], value => JsonSerializer.SerializeToUtf8Bytes((T)value, typeInfo),
            bytes => JsonSerializer.Deserialize(bytes.Span, typeInfo)
                ?? throw new EventSerializationException($"the JSON of manifest [{manifest}] is null"));
    }

    /// <summary>With a manifest that is only read any more: bytes of an older form, as objects of today.</summary>
    /// <exception cref="ArgumentException">The manifest is empty or taken.</exception>
    public EventSerializers AddReader(string manifest, Func<ReadOnlyMemory<byte>, object> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return Add(manifest, [], null, read);
    }

    /// <summary>With the state of deliveries, <see cref="AtLeastOnceDeliverySnapshot"/>; the messages in it are written by what has been
    /// added so far.</summary>
    public EventSerializers AddDeliverySnapshot() => Add(
        DeliverySnapshotForm.Manifest,
        snapshot => DeliverySnapshotForm.Write(snapshot, this),
        bytes => DeliverySnapshotForm.Read(bytes, this));

    /// <summary>
    /// With every type that has not been added, as JSON by reflection; the manifest is then the type's name and that of its assembly,
    /// so that renaming either orphans what was written. For development and where nothing is trimmed.
    /// </summary>
    /// <param name="accept">The types that may be written and made again; null for all. A journal that others can write to must not
    /// choose the types that a process makes.</param>
    [RequiresUnreferencedCode("JSON by reflection needs members that trimming may remove; use AddJson")]
    [RequiresDynamicCode("JSON by reflection may need code that is made at run time; use AddJson")]
    public EventSerializers WithReflectionJson(Predicate<Type>? accept = null) =>
        new(_byType, _byManifest, new ReflectionJson(accept ?? (static _ => true)));

    /// <summary>An object's manifest and bytes.</summary>
    /// <exception cref="EventSerializationException">Its type is not known, or its serialiser threw.</exception>
    public SerializedEvent Write(object payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var type = payload.GetType();
        try
        {
            if (_byType.TryGetValue(type, out var serializer)) return new SerializedEvent(serializer.Manifest, serializer.Write(payload));
            if (_reflection is not null && _reflection.TryWrite(payload, out var written)) return written;
        }
        catch (Exception e) when (e is not EventSerializationException)
        {
            throw new EventSerializationException($"an event of type {type} could not be serialised: {e.Message}", e);
        }

        throw new EventSerializationException(
            $"there is no serialiser for {type}: add one with EventSerializers.AddJson<{type.Name}>(manifest, typeInfo) or Add");
    }

    /// <summary>The object that was written under a manifest.</summary>
    /// <exception cref="EventSerializationException">The manifest is not known, or its reader threw.</exception>
    public object Read(string manifest, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        try
        {
            if (_byManifest.TryGetValue(manifest, out var read)) return read(bytes);
            if (_reflection is not null && _reflection.TryRead(manifest, bytes, out var value)) return value;
        }
        catch (Exception e) when (e is not EventSerializationException)
        {
            throw new EventSerializationException($"bytes of manifest [{manifest}] could not be read: {e.Message}", e);
        }

        throw new EventSerializationException(
            $"there is no serialiser for the manifest [{manifest}]: add the one that wrote it, or AddReader for its old form");
    }

    private EventSerializers Add(string manifest, Type[] types, Func<object, byte[]>? write, Func<ReadOnlyMemory<byte>, object> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(manifest);
        if (_byManifest.ContainsKey(manifest)) throw new ArgumentException($"the manifest [{manifest}] is taken", nameof(manifest));
        if (Array.Find(types, _byType.ContainsKey) is { } known) throw new ArgumentException($"{known} has a serialiser", nameof(types));
        var byType = new Dictionary<Type, EventSerializer>(_byType);
        foreach (var type in types) byType.Add(type, new EventSerializer(manifest, write!));
        return new EventSerializers(byType, _byManifest.Append(new(manifest, read)), _reflection);
    }
}
