using System.Reflection;
using Gateway.Store;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>
/// "Find references" leads from room to room: a type that keeps a callback of another room keeps a named interface, and nothing that is
/// declared as not null is null for a while.
/// </summary>
public sealed class WiringTests
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    /// <summary>The exceptions: delegates whose shape a library dictates.</summary>
    private static readonly string[] _ofLibraries =
    [
        // Blazor: redraws a page.
        "Dashboard.Parts wires shown of MessageListing",
        // SocketsHttpHandler: opens a connection.
        "Hosting wires Connect of TelemetrySettings",
    ];

    [Fact]
    public void Callbacks_BetweenRooms_AreNamedInterfaces()
    {
        Assembly[] assemblies = [typeof(global::Gateway.Cli.CommandLine).Assembly, typeof(global::Gateway.Client.GatewayClient).Assembly];
        var wired =
            from assembly in assemblies
            from type in assembly.GetTypes()
            where RoomOf(type) is not null
            from method in type.GetMembers(All).OfType<MethodBase>()
            from called in MethodCode.Of(method).OfType<MethodBase>()
            where called.DeclaringType is { } keeper && keeper.Assembly == assembly && IsKeeping(called)
                && RoomOf(keeper) is { } room && room != RoomOf(type)
            from parameter in called.GetParameters()
            where typeof(Delegate).IsAssignableFrom(parameter.ParameterType)
            let name = called is ConstructorInfo ? parameter.Name : called.Name[4..]
            select $"{RoomOf(type)} wires {name} of {called.DeclaringType!.Name}";

        wired.Distinct().ShouldBe(_ofLibraries, ignoreOrder: true);
    }

    [Fact]
    public void Nothing_IsNullForTheMoment() =>
        SourceTree.Files("gateway").Concat(SourceTree.Files("client")).Concat(Pages())
            .Where(file => File.ReadAllText(file).Contains("null!", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .ShouldBeEmpty();

    /// <summary>
    /// Constructors and properties keep their arguments. Commands of the store are exempt: the continuation of a command stands beside it,
    /// in the method that creates it.
    /// </summary>
    private static bool IsKeeping(MethodBase called) =>
        (called is ConstructorInfo || called.Name.StartsWith("set_", StringComparison.Ordinal))
        && !typeof(StoreCommand).IsAssignableFrom(called.DeclaringType);

    /// <summary>The room of a type or its nested types; null for types that are not of the gateway or the client.</summary>
    private static string? RoomOf(Type type)
    {
        if (type.DeclaringType is { } outer) return RoomOf(outer);
        var isOurs = type.Namespace?.StartsWith(nameof(Gateway), StringComparison.Ordinal) == true;
        return isOurs ? type.Namespace![nameof(Gateway).Length..].TrimStart('.') : null;
    }

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "gateway", "Dashboard"), "*.razor", SearchOption.AllDirectories);
}
