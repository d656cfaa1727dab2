using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Picket.Fuzz;

/// <summary>Rewrites an assembly so that every basic block counts the edge by which it was entered.</summary>
internal static class Instrumentation
{
    /// <summary>The type that the rewriting adds, with the fields <see cref="CoverageMap"/> reads.</summary>
    public const string TypeName = "Picket.Fuzz.Target.Coverage";

    private static readonly FlowControl[] Ends = [FlowControl.Branch, FlowControl.Cond_Branch, FlowControl.Return, FlowControl.Throw];

    /// <summary>The rewritten assembly.</summary>
    /// <param name="path">The assembly as it was compiled.</param>
    /// <param name="defect">Changes the assembly before it is instrumented; null for nothing.</param>
    /// <param name="blocks">How many basic blocks there are.</param>
    public static byte[] Rewrite(string path, Action<ModuleDefinition>? defect, out int blocks)
    {
        using var module = ModuleDefinition.ReadModule(path);
        defect?.Invoke(module);
        var methods = module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).ToList();
        var hit = AddCoverage(module);
        blocks = 0;
        foreach (var method in methods) Instrument(method.Body, hit, ref blocks);
        using var rewritten = new MemoryStream();
        module.Write(rewritten);
        return rewritten.ToArray();
    }

    private static void Instrument(MethodBody body, MethodReference hit, ref int blocks)
    {
        body.SimplifyMacros();
        var code = body.GetILProcessor();
        foreach (var leader in Leaders(body))
        {
            // Multiplying spreads the numbers, so that the edges of neighbours rarely share a counter.
            var id = Instruction.Create(OpCodes.Ldc_I4, unchecked((int)((uint)++blocks * 2_654_435_761u)));
            code.InsertBefore(leader, id);
            code.InsertBefore(leader, Instruction.Create(OpCodes.Call, hit));
            Retarget(body, leader, id);
        }

        body.OptimizeMacros();
    }

    private static List<Instruction> Leaders(MethodBody body)
    {
        var leaders = new HashSet<Instruction> { body.Instructions[0] };
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target) leaders.Add(target);
            if (instruction.Operand is Instruction[] targets) leaders.UnionWith(targets);
            if (instruction.Next is { } next && Ends.Contains(instruction.OpCode.FlowControl)) leaders.Add(next);
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            leaders.Add(handler.HandlerStart);
            if (handler.FilterStart is { } filter) leaders.Add(filter);
        }

        return [.. body.Instructions.Where(leaders.Contains)];
    }

    private static void Retarget(MethodBody body, Instruction from, Instruction to)
    {
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand == from) instruction.Operand = to;
            if (instruction.Operand is not Instruction[] targets) continue;
            for (var i = 0; i < targets.Length; i++)
            {
                if (targets[i] == from) targets[i] = to;
            }
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            if (handler.TryStart == from) handler.TryStart = to;
            if (handler.TryEnd == from) handler.TryEnd = to;
            if (handler.HandlerStart == from) handler.HandlerStart = to;
            if (handler.HandlerEnd == from) handler.HandlerEnd = to;
            if (handler.FilterStart == from) handler.FilterStart = to;
        }
    }

    // Hit(id): if (--Budget < 0) throw; Map[(ushort)(id >> 16 ^ Previous)]++; Previous = id >> 17.
    private static MethodDefinition AddCoverage(ModuleDefinition module)
    {
        const FieldAttributes PublicStatic = FieldAttributes.Public | FieldAttributes.Static;
        var type = new TypeDefinition(
            "Picket.Fuzz.Target", "Coverage",
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
        var map = new FieldDefinition("Map", PublicStatic, new ArrayType(module.TypeSystem.Byte));
        var previous = new FieldDefinition("Previous", PublicStatic, module.TypeSystem.UInt32);
        var budget = new FieldDefinition("Budget", PublicStatic, module.TypeSystem.Int64);
        type.Fields.Add(map);
        type.Fields.Add(previous);
        type.Fields.Add(budget);
        var hit = new MethodDefinition(
            "Hit", MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Void);
        hit.Parameters.Add(new ParameterDefinition(module.TypeSystem.UInt32));
        type.Methods.Add(hit);
        module.Types.Add(type);

        var timeout = module.ImportReference(typeof(TimeoutException).GetConstructor([]));
        var code = hit.Body.GetILProcessor();
        var count = Instruction.Create(OpCodes.Ldsfld, map);
        code.Emit(OpCodes.Ldsfld, budget);
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Conv_I8);
        code.Emit(OpCodes.Sub);
        code.Emit(OpCodes.Dup);
        code.Emit(OpCodes.Stsfld, budget);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Conv_I8);
        code.Emit(OpCodes.Bge, count);
        code.Emit(OpCodes.Newobj, timeout);
        code.Emit(OpCodes.Throw);
        code.Append(count);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, 16);
        code.Emit(OpCodes.Shr_Un);
        code.Emit(OpCodes.Ldsfld, previous);
        code.Emit(OpCodes.Xor);
        code.Emit(OpCodes.Ldelema, module.TypeSystem.Byte);
        code.Emit(OpCodes.Dup);
        code.Emit(OpCodes.Ldind_U1);
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Add);
        code.Emit(OpCodes.Conv_U1);
        code.Emit(OpCodes.Stind_I1);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, 17);
        code.Emit(OpCodes.Shr_Un);
        code.Emit(OpCodes.Stsfld, previous);
        code.Emit(OpCodes.Ret);
        return hit;
    }
}
