using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gateway.Tests.Conventions;

/// <summary>
/// The uses of types by other types of an assembly, read from the compiled code: in signatures, fields, attributes and bodies. A type
/// within another counts as that other, and what the compiler made as what it made it from. Constants leave no trace in what uses them.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    /// <summary>Each pair once; no type uses itself.</summary>
    public static IReadOnlySet<(Type User, Type Used)> In(Assembly assembly) =>
        (from type in assembly.GetTypes()
         from used in UsedBy(type).SelectMany(Parts)
         where used.Assembly == assembly && !IsOfCompiler(Outermost(used))
         let pair = (User: Outermost(type), Used: Outermost(used))
         where pair.User != pair.Used && !IsOfCompiler(pair.User)
         select pair).ToHashSet();

    private static IEnumerable<Type> UsedBy(Type type)
    {
        if (type.BaseType is { } parent) yield return parent;
        foreach (var contract in type.GetInterfaces()) yield return contract;
        foreach (var attribute in type.GetCustomAttributesData()) yield return attribute.AttributeType;
        foreach (var field in type.GetFields(All)) yield return field.FieldType;
        foreach (var property in type.GetProperties(All)) yield return property.PropertyType;
        foreach (var method in type.GetMembers(All).OfType<MethodBase>())
        {
            if (method is MethodInfo { ReturnType: var returned }) yield return returned;
            foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
            foreach (var local in method.GetMethodBody()?.LocalVariables ?? []) yield return local.LocalType;
            foreach (var used in MethodCode.Of(method).SelectMany(TypesOf)) yield return used;
        }
    }

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodBase { IsGenericMethod: true } method => [.. method.GetGenericArguments(), .. Declaring(method)],
        _ => Declaring(member),
    };

    private static IEnumerable<Type> Declaring(MemberInfo member) => member.DeclaringType is { } type ? [type] : [];

    /// <summary>A type, or of an array, a reference or a generic type all that it is made of.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.IsGenericParameter) return [];
        if (type.HasElementType) return Parts(type.GetElementType()!);
        if (!type.IsGenericType) return [type];
        return type.GetGenericArguments().SelectMany(Parts).Prepend(type.GetGenericTypeDefinition());
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool IsOfCompiler(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.Name.StartsWith('<') || type.Namespace is null || !type.Namespace.StartsWith(nameof(Gateway), StringComparison.Ordinal);
}
