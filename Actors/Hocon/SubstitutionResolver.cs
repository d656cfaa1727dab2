namespace Picket.Hocon;

/// <summary>
/// Resolves the substitutions of one tree. A value is handled as the list of what was set for its key, the last one first ("layers"), so
/// that a lookup can skip what is being resolved at the moment, and all that overrides it: that is the look back of self-references.
/// </summary>
/// <remarks>
/// Each substitution is resolved once and keeps its value, as the specification asks; the first lookup that reaches it decides. Keys with
/// several layers are resolved before plain ones, so that within a circle the look back happens at the key that has something to look
/// back to. What was resolved for a substitution without any look back has the same value everywhere and is kept, so that a
/// base that many inherit from is walked once.
/// </remarks>
internal sealed class SubstitutionResolver(ConfigValue root, Func<string, string?>? environment)
{
    private static readonly List<ConfigValue> Nothing = [];

    private readonly ActiveValues _active = new();
    private readonly ResolveBudget _budget = new();
    private readonly Dictionary<Substitution, ConfigValue?> _resolved = [];
    private readonly Dictionary<ConfigValue, ConfigValue?> _kept = [];
    private int _lookBacks;

    // What the last lookup skipped because it was being resolved.
    private ConfigValue? _passed;

    /// <summary>The tree without substitutions.</summary>
    /// <exception cref="ConfigException">A substitution is undefined, circular, or stands where its value does not fit.</exception>
    public ConfigValue Resolve() => ResolveLayers([root])!;

    // The value of layers of which none is active; null where all are undefined.
    private ConfigValue? ResolveLayers(List<ConfigValue> layers)
    {
        _budget.Enter(layers[0].Origin);
        ConfigValue? single = null;
        List<ConfigObject>? objects = null;
        foreach (var layer in layers)
        {
            _budget.Count(layer.Origin);
            var value = layer is Substitution or Concatenation ? ResolveWaiting(layer) : layer;
            if (value is null) continue;
            if (value is not ConfigObject fields)
            {
                if (objects is null) single = value is ConfigArray array ? Keep(array, ResolveArray) : value;
                break;
            }

            (objects ??= []).Add(fields);
            if (layer.IsOpaque) break;
        }

        if (objects is not null) single = ResolveObject(objects);
        _budget.Leave();
        return single;
    }

    private ConfigValue? ResolveWaiting(ConfigValue value) =>
        value is Substitution substitution ? ResolveSubstitution(substitution) : Keep((Concatenation)value, ResolveConcatenation);

    private ConfigValue? Keep<T>(T value, Func<T, ConfigValue?> resolve)
        where T : ConfigValue
    {
        if (_kept.TryGetValue(value, out var known)) return known;
        var lookBacks = _lookBacks;
        var made = resolve(value);
        if (lookBacks == _lookBacks && _active.Count > 0) _kept[value] = made;
        return made;
    }

    private ConfigObject ResolveObject(List<ConfigObject> parts)
    {
        // Without this, what is shared by substitutions would be walked once per use, which doubles with each level.
        if (parts is not [var single]) return ResolveParts(parts);
        return single.IsResolved ? single : (ConfigObject)Keep(single, alone => ResolveParts([alone]))!;
    }

    private ConfigObject ResolveParts(List<ConfigObject> parts)
    {

        // The lowest layer's keys come first, as they were written first.
        var layered = new OrderedDictionary<string, List<ConfigValue>>(StringComparer.Ordinal);
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            foreach (var key in parts[i].Members.Keys)
            {
                _budget.Count(parts[i].Origin);
                layered.TryAdd(key, Nothing);
            }
        }

        var values = new Dictionary<string, ConfigValue?>(layered.Count, StringComparer.Ordinal);
        for (var i = 0; i < layered.Count; i++)
        {
            var (key, _) = layered.GetAt(i);
            var layers = new List<ConfigValue>();
            foreach (var part in parts)
            {
                if (part.Members.TryGetValue(key, out var field)) AddLayers(layers, field.Value);
            }

            layered.SetAt(i, layers);
        }

        foreach (var several in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var (key, layers) in layered)
            {
                if (layers.Count > 1 == several) values[key] = ResolveField(layers);
            }
        }

        var made = new ConfigObject(parts[0].Origin, isResolved: true);
        foreach (var key in layered.Keys)
        {
            if (values[key] is not { } value) continue;
            made.AddResolved(key, new ConfigField(value, KeyOrigin(parts, key)));
        }

        ConfigLimits.CheckWeight(made.Weight, made.Origin);
        return made;
    }

    private static ConfigOrigin KeyOrigin(List<ConfigObject> parts, string key)
    {
        foreach (var part in parts)
        {
            if (part.Members.TryGetValue(key, out var field)) return field.KeyOrigin;
        }

        return default;
    }

    private ConfigValue? ResolveField(List<ConfigValue> layers)
    {
        var lowest = layers.FindLastIndex(_active.Contains);
        if (lowest < 0) return ResolveLayers(layers);
        _lookBacks++;
        if (lowest == layers.Count - 1) throw Cycle(layers[lowest]);
        return ResolveLayers(layers[(lowest + 1)..]);
    }

    private ConfigArray ResolveArray(ConfigArray array)
    {
        if (array.IsResolved) return array;
        var items = new List<ConfigValue>(array.Items.Count);
        foreach (var item in array.Items)
        {
            _budget.Count(item.Origin);
            if (item is ConfigLiteral)
            {
                items.Add(item);
                continue;
            }

            // An element that was a numbered field may have been set more than once.
            var layers = new List<ConfigValue>();
            AddLayers(layers, item);
            if (ResolveLayers(layers) is { } value) items.Add(value);
        }

        var made = new ConfigArray(array.Origin, items, isResolved: true);
        ConfigLimits.CheckWeight(made.Weight, made.Origin);
        return made;
    }

    private ConfigValue? ResolveConcatenation(Concatenation concatenation)
    {
        Activate(concatenation);
        try
        {
            var pieces = new List<ConfigValue>();
            var places = new List<ConfigOrigin>();
            foreach (var piece in concatenation.Pieces)
            {
                _budget.Count(piece.Origin);
                if ((piece is ConfigLiteral or Whitespace ? piece : ResolveLayers([piece])) is not { } value) continue;
                pieces.Add(value);
                places.Add(piece.Origin);
            }

            return Concatenation.OfResolved(pieces, places, Merge);
        }
        finally
        {
            _active.RemoveLast();
        }
    }

    private ConfigObject Merge(List<ConfigValue> objects)
    {
        var parts = objects.ConvertAll(static value => (ConfigObject)value);
        parts.Reverse();
        return ResolveObject(parts);
    }

    private ConfigValue? ResolveSubstitution(Substitution substitution)
    {
        if (_resolved.TryGetValue(substitution, out var known)) return known;
        Activate(substitution);
        ConfigValue? value = null;
        ConfigValue? passed = null;
        var depth = _budget.Depth;
        try
        {
            _passed = null;
            var layers = Lookup(substitution);
            passed = _passed;
            value = layers.Count > 0 ? ResolveLayers(layers) : null;
        }
        catch (SubstitutionCycleException) when (substitution.IsOptional)
        {
            _lookBacks++;

            // What a circle was broken at may have been entered any number of levels below.
            _budget.Depth = depth;
        }
        finally
        {
            _active.RemoveLast();
        }

        value ??= External(substitution);
        if (_resolved.TryGetValue(substitution, out known)) return known;
        if (value is null && !substitution.IsOptional) throw Undefined(substitution, passed);
        _resolved[substitution] = value;
        return value;
    }

    private ConfigLiteral? External(Substitution substitution) =>
        environment?.Invoke(string.Join('.', substitution.WrittenPath)) is { } text
            ? new ConfigLiteral(substitution.Origin, ConfigValueKind.String, text)
            : null;

    // An included file's paths start at the include first and at the root second.
    private List<ConfigValue> Lookup(Substitution substitution)
    {
        var layers = Lookup(substitution.Path, 0, substitution.Origin);
        return layers.Count > 0 || substitution.Prefix == 0 ? layers : Lookup(substitution.Path, substitution.Prefix, substitution.Origin);
    }

    private List<ConfigValue> Lookup(IReadOnlyList<string> path, int from, ConfigOrigin origin)
    {
        List<ConfigValue> layers = [root];
        for (var i = from; i < path.Count && layers.Count > 0; i++)
        {
            _budget.Enter(origin);
            layers = LayersOf(layers, path[i], out _);
            _budget.Leave();
        }

        return layers;
    }

    // The layers of a key below layers of which none is active. Only what the key needs is resolved. Opaque: the parent is no object.
    private List<ConfigValue> LayersOf(List<ConfigValue> layers, string key, out bool opaque)
    {
        opaque = false;
        var found = new List<ConfigValue>();
        var isObject = false;
        var (first, skip) = LowestActive(layers, key);
        for (var i = 0; i < layers.Count; i++)
        {
            _budget.Count(layers[i].Origin);
            if (layers[i] is ConfigObject fields)
            {
                isObject = true;
                var skipHere = i == first ? skip : 0;
                if (i >= first && fields.Members.TryGetValue(key, out var field) && TakeLayers(found, field.Value, skipHere)) return found;
                if (fields.IsOpaque) return found;
            }
            else if (layers[i] is Substitution or Concatenation)
            {
                if (i < first) continue;
                found.AddRange(ChildrenOfWaiting(layers[i], key, out var hides));
                if (hides)
                {
                    opaque = !isObject;
                    return found;
                }

                isObject = true;
                if (found.Count > 0 && found[^1].IsOpaque) return found;
            }
            else
            {
                opaque = !isObject;
                return found;
            }
        }

        return found;
    }

    private List<ConfigValue> ChildrenOfWaiting(ConfigValue waiting, string key, out bool opaque)
    {
        opaque = false;
        if (waiting is Substitution substitution && !_resolved.ContainsKey(substitution))
        {
            Activate(substitution);
            try
            {
                _budget.Enter(substitution.Origin);
                var target = Lookup(substitution);
                var found = target.Count > 0 ? LayersOf(target, key, out opaque) : Nothing;
                _budget.Leave();
                if (target.Count > 0) return found;
            }
            finally
            {
                _active.RemoveLast();
            }

            opaque = External(substitution) is not null;
            return opaque || substitution.IsOptional ? Nothing : throw Undefined(substitution, _passed);
        }

        var value = ResolveWaiting(waiting);
        if (value is ConfigObject) return LayersOf([value], key, out _);
        opaque = value is not null;
        return Nothing;
    }

    // Where the lowest value that is being resolved lies among a key's layers: the layer of the parent, and how many of its values to skip.
    private (int First, int Skip) LowestActive(List<ConfigValue> layers, string key)
    {
        if (_active.Count == 0) return (0, 0);
        var candidates = new List<ConfigValue>();
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            if (layers[i] is not ConfigObject fields || !fields.Members.TryGetValue(key, out var field)) continue;
            candidates.Clear();
            AddLayers(candidates, field.Value);
            var lowest = candidates.FindLastIndex(_active.Contains);
            if (lowest < 0) continue;
            _lookBacks++;
            _passed = candidates[lowest];
            return (i, lowest + 1);
        }

        return (0, 0);
    }

    private void AddLayers(List<ConfigValue> into, ConfigValue value)
    {
        if (value is not MergeStack stack)
        {
            _budget.Count(value.Origin);
            into.Add(value);
            return;
        }

        _budget.Count(value.Origin, stack.Items.Count);
        for (var i = stack.Items.Count - 1; i >= 0; i--) into.Add(stack.Items[i]);
    }

    // Adds the layers behind the first skip ones; true where nothing below them can be seen.
    private bool TakeLayers(List<ConfigValue> into, ConfigValue value, int skip)
    {
        var before = into.Count;
        AddLayers(into, value);
        into.RemoveRange(before, skip);
        return into.Count > before && into[^1].IsOpaque;
    }

    private void Activate(ConfigValue value)
    {
        if (!_active.TryAdd(value)) throw Cycle(value);
    }

    private SubstitutionCycleException Cycle(ConfigValue value) =>
        new(value.Origin, $"this value is defined by itself: a cycle of substitutions{_active.Chain(value, null)}");

    private ConfigException Undefined(Substitution substitution, ConfigValue? passed) => new(
        substitution.Origin,
        IsWritten([root], substitution.Path.Skip(substitution.Prefix))
            ? $"{substitution} depends on itself, and there is no earlier value to look back to{_active.Chain(passed, substitution)}"
            : $"{substitution} is not defined; write ${{?{ConfigPath.Format(substitution.WrittenPath)}}} if it may be");

    private bool IsWritten(List<ConfigValue> layers, IEnumerable<string> path)
    {
        foreach (var key in path)
        {
            var below = new List<ConfigValue>();
            foreach (var layer in layers)
            {
                if (layer is ConfigObject fields && fields.Members.TryGetValue(key, out var field)) AddLayers(below, field.Value);
            }

            layers = below;
        }

        return layers.Count > 0;
    }
}
