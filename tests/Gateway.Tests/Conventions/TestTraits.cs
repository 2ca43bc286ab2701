using System.Reflection;
using Xunit;
using Xunit.v3;

namespace Gateway.Tests.Conventions;

/// <summary>A test method, with the traits that it carries and all that runs with it.</summary>
internal sealed record TestTraits(string Name, ILookup<string, string> Traits, IReadOnlyList<MethodBase> Runs)
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly string[] _lifetime =
        [nameof(IDisposable.Dispose), nameof(IAsyncDisposable.DisposeAsync), nameof(IAsyncLifetime.InitializeAsync)];

    private static readonly Dictionary<string, Type> _collections = typeof(TestTraits).Assembly.GetTypes()
        .Select(type => (Type: type, Definition: type.GetCustomAttribute<CollectionDefinitionAttribute>()))
        .Where(found => found.Definition is not null)
        .ToDictionary(found => found.Definition!.Name!, found => found.Type);

    /// <summary>Every test of this assembly.</summary>
    public static IReadOnlyList<TestTraits> Read() =>
    [
        .. from type in typeof(TestTraits).Assembly.GetTypes()
           where type is { IsClass: true, IsAbstract: false }
           from method in type.GetMethods()
           where method.GetCustomAttributes().OfType<IFactAttribute>().Any()
           select Of(type, method),
    ];

    private static TestTraits Of(Type type, MethodInfo method)
    {
        var collection = type.GetCustomAttribute<CollectionAttribute>() is { } member ? _collections[member.Name] : null;
        MemberInfo?[] carriers = [method, type, collection];
        var traits =
            from carrier in carriers.OfType<MemberInfo>()
            from attribute in carrier.GetCustomAttributes().OfType<ITraitAttribute>()
            from trait in attribute.GetTraits()
            select trait;
        return new(
            $"{type.FullName}.{method.Name}",
            traits.ToLookup(trait => trait.Key, trait => trait.Value),
            [method, .. WithIt(type), .. Fixtures(type, collection).SelectMany(WithIt)]);
    }

    private static IEnumerable<Type> Fixtures(params Type?[] types) =>
        from type in types.OfType<Type>()
        from made in type.GetInterfaces()
        where made.IsGenericType
        let definition = made.GetGenericTypeDefinition()
        where definition == typeof(IClassFixture<>) || definition == typeof(ICollectionFixture<>)
        select made.GetGenericArguments()[0];

    /// <summary>How an object of the type is made and given up.</summary>
    private static IEnumerable<MethodBase> WithIt(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var constructor in level.GetConstructors(All)) yield return constructor;
            foreach (var method in level.GetMethods(All).Where(method => _lifetime.Contains(method.Name))) yield return method;
        }
    }
}
