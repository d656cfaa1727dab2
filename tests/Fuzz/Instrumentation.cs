using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Picket.Fuzz;

/// <summary>Rewrites an assembly so that every basic block counts the edge by which it was entered, in <see cref="Counters"/>.</summary>
internal static class Instrumentation
{
    private static readonly FlowControl[] Ends = [FlowControl.Branch, FlowControl.Cond_Branch, FlowControl.Return, FlowControl.Throw];

    /// <summary>The rewritten assembly.</summary>
    /// <param name="path">The assembly as it was compiled.</param>
    /// <param name="defect">Changes the assembly before it is instrumented; null for nothing.</param>
    /// <param name="blocks">How many basic blocks there are in this assembly and those that were rewritten before it.</param>
    public static byte[] Rewrite(string path, Action<ModuleDefinition>? defect, ref int blocks)
    {
        using var module = ModuleDefinition.ReadModule(path);
        defect?.Invoke(module);
        var methods = module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).ToList();
        var hit = module.ImportReference(typeof(Counters).GetMethod(nameof(Counters.Hit)));
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
}
