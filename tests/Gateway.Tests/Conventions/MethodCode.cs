using System.Reflection;
using System.Reflection.Emit;

namespace Gateway.Tests.Conventions;

/// <summary>The compiled code of methods.</summary>
internal static class MethodCode
{
    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The types, methods and fields that the code of a method names, in its order.</summary>
    public static IEnumerable<MemberInfo> Of(MethodBase method) => Read(method).Select(instruction => instruction.Named);

    /// <summary>The instructions that name a type, a method or a field, in their order.</summary>
    public static IEnumerable<(OpCode Code, MemberInfo Named)> Read(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType?.GetGenericArguments();
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var operation = code[at] == 0xFE ? _codes[(short)(0xFE00 | code[at + 1])] : _codes[code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
                yield return (operation, method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!);
            at += OperandBytes(operation, code, at);
        }
    }

    private static int OperandBytes(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 * (1 + BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
