using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Gateway.Tests.Conventions;

/// <summary>
/// The methods that a method may call, directly or through others, read from the compiled code of the tests. A call through an interface
/// leads to the interface alone. Into the gateway it follows direct calls only: a verb that is merely built, in a lambda, does not run.
/// </summary>
internal sealed class CallGraph
{
    private static readonly Assembly _tests = typeof(CallGraph).Assembly;

    private static readonly Assembly[] _followed =
        [_tests, typeof(global::Gateway.Cli.Shell.ExitCode).Assembly, typeof(global::Gateway.Client.GatewayClient).Assembly];

    private readonly Dictionary<MethodBase, List<MethodBase>> _calls = [];

    /// <summary>All that these may call, themselves included; of a generic method or type its definition.</summary>
    public IReadOnlySet<MethodBase> ReachedFrom(IEnumerable<MethodBase> methods)
    {
        var reached = new HashSet<MethodBase>();
        var open = new Stack<MethodBase>(methods.Select(Definition));
        while (open.TryPop(out var method))
        {
            if (!reached.Add(method) || !_followed.Contains(method.Module.Assembly)) continue;
            foreach (var called in CallsOf(method)) open.Push(called);
        }

        return reached;
    }

    private static MethodBase Definition(MethodBase method) => method is { IsGenericMethod: false, DeclaringType.IsGenericType: false }
        ? method
        : method.Module.ResolveMethod(method.MetadataToken)!;

    private List<MethodBase> CallsOf(MethodBase method)
    {
        if (!_calls.TryGetValue(method, out var calls)) _calls[method] = calls = [.. ReadCalls(method).Select(Definition).Distinct()];
        return calls;
    }

    private static IEnumerable<MethodBase> ReadCalls(MethodBase method)
    {
        // The body of an asynchronous method or an iterator is in a type of its own.
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
        {
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
            yield return machine.StateMachineType.GetMethod("MoveNext", Any)!;
        }

        foreach (var (code, named) in MethodCode.Read(method))
        {
            if (named is MethodBase called && IsFollowed(code, method)) yield return called;
            if (named is FieldInfo { DeclaringType.TypeInitializer: { } initializer }) yield return initializer;
        }
    }

    private static bool IsFollowed(OpCode operation, MethodBase method) =>
        method.Module.Assembly == _tests || (operation != OpCodes.Ldftn && operation != OpCodes.Ldvirtftn);
}
