package dev.holdfast.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.holdfast.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule jobKnowsNeitherAwsNorQuarkus = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.job")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "io.quarkus..", "jakarta.enterprise..", "jakarta.ws..");

    @ArchTest
    static final ArchRule onlyTheQueueStartsThreads = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.queue")
            .should()
            .callMethod(Thread.class, "ofVirtual")
            .orShould()
            .callMethod(Thread.class, "ofPlatform")
            .orShould()
            .callMethod(Thread.class, "startVirtualThread", Runnable.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ExecutorService");
}
